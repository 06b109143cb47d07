"""What can be wrong with a settings file, in both languages; codes are part of ``catruc check --json``.

Texts in braces are filled with `Problem.params`. Each says what is wrong and, where it is not plain, what
would be right.
"""

from scheduler.settings.wording_of_lists import OF_LISTS
from scheduler.settings.wording_of_texts import OF_TEXTS
from scheduler.timetable.label import Label

WARNINGS = frozenset(
    {
        "link_unreachable",
        "old_number", "overlap", "need_unfillable", "reminder_in_quiet", "calendar_unknown", "deputy_unused",
        "include_nothing", "unknown_column", "over_daily_cap", "over_rate", "ambiguous_word",
        "language_unspoken", "long_night",
    }
)  # fmt: skip

WORDING = {
    # the file
    "unreadable": Label("không đọc được tệp: {reason}", "the file cannot be read: {reason}"),
    "not_a_file": Label(
        "không đọc được tệp: đây là thư mục, thiết bị hoặc đường ống, không phải tệp thường",
        "the file cannot be read: it is a folder, a device or a pipe, no ordinary file",
    ),
    "missing_file": Label("không có tệp này", "there is no such file"),
    "too_big": Label("tệp quá lớn: tối đa {most} MB", "the file is too big: at most {most} MB"),
    "encoding": Label(
        "tệp không phải UTF-8 hay UTF-16; trong Notepad hãy chọn Save As, Encoding: UTF-8",
        "the file is neither UTF-8 nor UTF-16; in Notepad choose Save As, Encoding: UTF-8",
    ),
    "syntax": Label("chưa đúng cú pháp: {reason_vi}", "this is not TOML: {reason}"),
    "curly_quotes": Label(
        'dấu nháy cong {value} không dùng được ở đây; hãy gõ nháy thẳng "',
        'a curly quote {value} does not work here; type a straight one: "',
    ),
    "told_twice": Label(
        "khóa hay bảng này đã có {where_vi}; hãy gộp hai chỗ làm một",
        "this key or table stands {where} already; make one of the two",
    ),
    "padded_number": Label("số không có 0 ở đầu: viết {plain}", "a number has no 0 in front: write {plain}"),
    "leading_zero": Label(
        'số bắt đầu bằng 0 phải đặt trong dấu nháy: "{value}"',
        'a number that begins with 0 goes in quotes: "{value}"',
    ),
    "date_form": Label(
        'không có ngày "{value}"; ngày viết năm-tháng-ngày, như {plain}',
        'not a date: "{value}"; write year-month-day, like {plain}',
    ),
    "odd_boolean": Label("viết {plain}, chữ thường", "write {plain}, in small letters"),
    "unquoted": Label('chữ phải đặt trong dấu nháy: "{value}"', 'a text goes in quotes: "{value}"'),
    "too_many_lines": Label("tệp dài hơn {most} dòng", "the file has more than {most} lines"),
    "line_too_long": Label(
        "dòng này dài hơn {most} ký tự; hãy xuống dòng", "this line has more than {most} characters; break it"
    ),
    "key_too_long": Label(
        "tên khóa này có quá nhiều phần nối bằng dấu chấm", "this key has too many parts joined by dots"
    ),
    "number_too_long": Label("số này quá dài", "this number is too long"),
    "odd_character": Label(
        "có ký tự {value} không in được; hãy xóa và gõ lại dòng này",
        "there is an unprintable character, {value}; delete this line and type it again",
    ),
    "costs_too_much": Label(
        "đọc tệp này tốn quá nhiều thời gian hoặc bộ nhớ; xem có đoạn nào lặp lại quá nhiều",
        "this file costs too much to read; look for something repeated too often",
    ),
    "too_deep": Label("tệp lồng quá nhiều tầng", "the file is nested too deep"),
    # other files
    "include_nothing": Label('không có tệp nào khớp với "{value}"', 'no file is called "{value}"'),
    "include_no_file": Label(
        '"{value}" không phải tệp thường: là thư mục, thiết bị hoặc liên kết hỏng',
        '"{value}" is no ordinary file: it is a folder, a device, a pipe or a broken link',
    ),
    "include_itself": Label('"{value}" chính là tệp này', '"{value}" is this very file'),
    "include_twice": Label(
        "tệp này đã được tệp chính gọi vào; chỉ tệp chính được dùng include",
        "this file is included itself; only the main file includes others",
    ),
    "include_too_many": Label(
        '"{value}" gọi vào quá nhiều tệp; ghi rõ thư mục hơn',
        '"{value}" leads to too many files; name the folder more closely',
    ),
    "outside_folder": Label(
        '"{value}" nằm ngoài thư mục của tệp chính; hãy để tệp cạnh tệp chính hoặc trong thư mục con',
        '"{value}" is outside the folder of the main file; put it beside that file or in a folder below',
    ),
    "belongs_in_main": Label(
        '"{key}" chỉ đặt ở tệp chính; ở đây chỉ có wards, places, services, people, shifts',
        '"{key}" stands in the main file only; here are wards, places, services, people and shifts',
    ),
    "people_twice": Label(
        "đã có people là danh sách tệp ở trên: một tệp chỉ dùng một cách",
        "people names lists above already: one file does either",
    ),
    "listed_twice": Label(
        'danh sách "{value}" đã được gọi ở trên', 'the list "{value}" is named above already'
    ),
    "unknown_key": Label('không có khóa "{key}" ở đây', 'unknown key "{key}"'),
    "missing_key": Label('thiếu "{key}"', '"{key}" is missing'),
    "missing_key_of_several": Label(
        'thiếu "{key}": tệp có nhiều hơn một, phải ghi rõ',
        '"{key}" is missing: there are several to choose from',
    ),
    "missing_shift": Label(
        "tệp chưa có ca trực nào: cần ít nhất một [[shifts]]", "no shift: at least one [[shifts]] is needed"
    ),
    "not_text": Label('"{key}" phải là chữ trong dấu nháy', '"{key}" must be a text in quotes'),
    "empty": Label('"{key}" đang để trống', '"{key}" is empty'),
    "not_integer": Label('"{key}" phải là số nguyên', '"{key}" must be a whole number'),
    "not_number": Label('"{key}" phải là số', '"{key}" must be a number'),
    "not_boolean": Label('"{key}" phải là true hoặc false', '"{key}" must be true or false'),
    "not_date": Label(
        '"{key}" phải là ngày, không có dấu nháy, như 2026-11-01',
        '"{key}" must be a date without quotes, like 2026-11-01',
    ),
    "not_list": Label('"{key}" phải là danh sách trong [ ]', '"{key}" must be a list in [ ]'),
    "not_blocks": Label(
        "viết [[{key}]], hai dấu ngoặc vuông: mỗi khối như vậy là một mục",
        "write [[{key}]], with two brackets: each such block is one entry",
    ),
    "not_table": Label('"{key}" phải là một bảng có tên khóa', '"{key}" must be a table with keys'),
    "not_table_like": Label(
        '"{key}" phải là một bảng có tên khóa, như {example}',
        '"{key}" must be a table with keys, like {example}',
    ),
    "too_small": Label('"{key}" nhỏ nhất là {least}', '"{key}" is at least {least}'),
    "too_large": Label('"{key}" lớn nhất là {most}', '"{key}" is at most {most}'),
    "bad_choice": Label(
        '"{key}" không nhận "{value}"; chỉ nhận: {choices}',
        '"{key}" cannot be "{value}"; it is one of: {choices}',
    ),
    "bad_year": Label(
        "năm {year} không hợp lý; từ 2000 đến 2100", "the year {year} is not plausible; 2000 to 2100"
    ),
    # values
    "not_a_day": Label(
        'không hiểu ngày "{value}"; viết như "T3", "mon-fri", "1st sat", 5 hoặc "workdays"',
        'not a day: "{value}"; write "T3", "mon-fri", "1st sat", 5 or "workdays"',
    ),
    "day_of_month": Label("tháng không có ngày {value}; từ 1 đến 31", "no month has a day {value}; 1 to 31"),
    "not_a_span": Label(
        'không hiểu giờ "{value}"; viết cả giờ bắt đầu và kết thúc, như "17:00-19:30"',
        'not a time from-to: "{value}"; write "17:00-19:30"',
    ),
    "no_such_time": Label('không có giờ {time} trong "{value}"', 'there is no time {time} in "{value}"'),
    "not_a_window": Label(
        'không hiểu "{value}"; viết như "mon-fri 17:00-21:00" hoặc "sat"',
        'not a weekly time: "{value}"; write "mon-fri 17:00-21:00" or "sat"',
    ),
    "not_a_duration": Label(
        'không hiểu khoảng thời gian "{value}"; viết như "10 minutes", "2 hours", "28 days"',
        'not a length of time: "{value}"; write "10 minutes", "2 hours" or "28 days"',
    ),
    "not_a_lead": Label(
        'không hiểu "{value}"; viết như "1 day at 18:00" hoặc "2 hours"',
        'not a time before: "{value}"; write "1 day at 18:00" or "2 hours"',
    ),
    "not_a_limit": Label(
        'không hiểu giới hạn "{value}"; viết như "6 hours a week" hoặc "20 hours a month"',
        'not a limit: "{value}"; write "6 hours a week" or "20 hours a month"',
    ),
    "not_a_rate": Label(
        'không hiểu tốc độ "{value}"; viết như "1/s"', 'not a rate: "{value}"; write "1/s" or "30/m"'
    ),
    "not_a_price": Label(
        'không hiểu giá "{value}"; viết như "820 VND"', 'not a price: "{value}"; write "820 VND"'
    ),
    "all_day_quiet": Label(
        'giờ yên lặng "{value}" bắt đầu và kết thúc cùng lúc; để "" nếu không cần',
        'quiet hours "{value}" start and end at once; write "" for none',
    ),
    "duration_range": Label(
        '"{key}" phải từ {least_vi} đến {most_vi}', '"{key}" must be from {least} to {most}'
    ),
    "bad_zone": Label(
        'không có múi giờ "{value}"; ví dụ "Asia/Ho_Chi_Minh"',
        'unknown time zone "{value}"; for example "Asia/Ho_Chi_Minh"',
    ),
    "bad_country": Label(
        'không có lịch nghỉ lễ của "{value}"; ví dụ "VN"',
        'no public holidays are known for "{value}"; for example "VN"',
    ),
    "bad_url": Label(
        'địa chỉ "{value}" phải bắt đầu bằng http:// hoặc https://',
        'the address "{value}" must begin with http:// or https://',
    ),
    "bad_database": Label(
        '"{value}" không phải cơ sở dữ liệu; viết như "sqlite:///catruc.db" hoặc "postgresql+psycopg://user@host/db"',
        '"{value}" is not a database; write "sqlite:///catruc.db" or "postgresql+psycopg://user@host/db"',
    ),
    "bad_map": Label(
        "map là [vĩ độ, kinh độ], như [10.7799, 106.6999]",
        "map is [latitude, longitude], like [10.7799, 106.6999]",
    ),
    "bad_id": Label(
        'id "{value}" chỉ được có a-z, 0-9 và -', 'the id "{value}" may hold only a-z, 0-9 and -'
    ),
    "sender_too_long": Label(
        'tên gửi "{value}" dài {length} ký tự, tối đa 11',
        'the sender "{value}" has {length} characters of at most 11',
    ),
    "bad_sender": Label(
        'tên gửi "{value}" chỉ được có chữ không dấu, số, dấu cách và . _ & -',
        'the sender "{value}" may hold only unaccented letters, digits, spaces and . _ & -',
    ),
    "channel_closed": Label(
        "chưa gửi được bằng kênh này: {reason}", "texts cannot leave by this channel: {reason}"
    ),
    "reply_needs_number": Label(
        'trả lời bằng tin nhắn thì phải có số nhận tin; ghi thêm replies_to = "0901 234 567"',
        'answers by text need a number that takes them; add replies_to = "0901 234 567"',
    ),
    "link_unreachable": Label(
        "đường dẫn trong tin nhắn sẽ là {value}, chỉ mở được trên chính máy này; "
        "ghi public_url là địa chỉ mà điện thoại mở được",
        "links in texts would lead to {value}, which opens on this machine only; "
        "give a public_url that telephones can open",
    ),
    # phone numbers: never in the sentence, which may end in a log
    "not_a_number": Label(
        "đây không phải số điện thoại; viết như 0901 234 567", "not a phone number; write 0901 234 567"
    ),
    "landline": Label(
        "số cố định không nhận được tin nhắn; hãy ghi số di động",
        "a landline cannot take texts; give a mobile number",
    ),
    "premium": Label(
        "số dịch vụ (1800, 1900) không nhận được tin nhắn; hãy ghi số di động",
        "a service number (1800, 1900) cannot take texts; give a mobile number",
    ),
    "foreign": Label(
        "số nước ngoài, không nhắn được; hãy ghi số di động Việt Nam",
        "a foreign number is not texted; give a Vietnamese mobile number",
    ),
    "too_short": Label(
        "số thiếu chữ số; số di động có mười, như 0901 234 567",
        "the number has too few digits; a mobile number has ten, like 0901 234 567",
    ),
    "too_long": Label(
        "số thừa chữ số; số di động có mười, như 0901 234 567",
        "the number has too many digits; a mobile number has ten, like 0901 234 567",
    ),
    "old_number": Label("số cũ 11 chữ số, được đổi thành {new}", "an old 11-digit number, taken as {new}"),
    # references and ids
    "unknown_ward": Label('không có phường "{value}"', 'unknown ward "{value}"'),
    "unknown_place": Label('không có địa điểm "{value}"', 'unknown place "{value}"'),
    "unknown_service": Label('không có dịch vụ "{value}"', 'unknown service "{value}"'),
    "unknown_person": Label('không có người tên "{value}"', 'unknown person "{value}"'),
    "ambiguous": Label(
        '"{value}" có thể là {candidates}; hãy ghi id', '"{value}" may be {candidates}; write the id'
    ),
    "duplicate_id": Label(
        'id "{value}" đã dùng ở dòng {line}; hãy đặt id khác',
        'the id "{value}" is taken on line {line}; give another id',
    ),
    "duplicate_number": Label("số này đã dùng ở dòng {line}", "this number is taken on line {line}"),
    "needs_id": Label(
        'cần "id": "{value}" đã dùng ở dòng {line}', 'an "id" is needed: "{value}" is taken on line {line}'
    ),
    "no_slug": Label(
        'cần "id": tên này không có chữ cái Latinh nào', 'an "id" is needed: this name has no Latin letter'
    ),
    # contradictions
    "ends_before_start": Label("{later} đứng trước {earlier}", "{later} is before {earlier}"),
    "also_and_except": Label(
        "{date} vừa ở trong also vừa ở trong except", "{date} is in both also and except"
    ),
    "never_happens": Label("ca này không bao giờ diễn ra", "this shift can never happen"),
    "never_in_ward": Label(
        'ca này không bao giờ diễn ra: phường "{ward_vi}" chỉ có {dates_vi}',
        'this shift can never happen: the ward "{ward}" exists only {dates}',
    ),
    "also_outside_ward": Label(
        '{date} nằm ngoài thời gian của phường "{ward_vi}", chỉ có {dates_vi}',
        '{date} is outside the dates of the ward "{ward}", which exists only {dates}',
    ),
    "span_twice": Label(
        '"{value}" trùng giờ với "{other}" của chính ca này', '"{value}" overlaps "{other}" of the same shift'
    ),
    "not_with_self": Label('"{value}" là chính người này', '"{value}" is this very person'),
    "own_deputy": Label('"{value}" không thể thay chính mình', '"{value}" cannot stand in for themself'),
    "swap_with_itself": Label("{date} vừa nghỉ vừa làm bù", "{date} is both off and worked"),
    "closed_too_long": Label("nghỉ liền hơn một năm", "closed for more than a year"),
    # warnings
    "language_unspoken": Label(
        'languages của [service] không có "{value}"; riêng người này vẫn nhận tin bằng tiếng ấy',
        'languages of [service] has no "{value}"; this person is texted in it all the same',
    ),
    "overlap": Label(
        'ca "{shift}" và ca "{other}" (dòng {line}) cùng địa điểm, cùng giờ',
        'the shifts "{shift}" and "{other}" (line {line}) are at one place at one time',
    ),
    "need_unfillable": Label(
        "cần {count} {role_vi}, nhưng {able_vi} trong danh sách đến được",
        "{count} {role} wanted, but {able} in the list can come",
    ),
    "long_night": Label(
        "ca này dài {length_vi}, đến tận hôm sau",
        "this lasts {length}, into the next day",
    ),
    "reminder_in_quiet": Label(
        "tin nhắc lúc {time} rơi vào giờ yên lặng {quiet}, sẽ gửi sớm hơn",
        "a reminder at {time} is in the quiet hours {quiet} and will go before them",
    ),
    "calendar_unknown": Label(
        "lịch nghỉ lễ chính thức chỉ có đến {date}; ngày lễ sau đó là ước tính",
        "the official holidays are known until {date}; later ones are estimated",
    ),
    "over_daily_cap": Label(
        "ngày nhiều tin nhất có khoảng {count} tin, nhưng daily_cap chỉ cho gửi {most}",
        "the busiest day has about {count} texts, and daily_cap lets {most} through",
    ),
    "over_rate": Label(
        "lúc {time} có ngày phải gửi khoảng {count} tin; với rate này chỉ kịp gửi {most}",
        "about {count} texts are due at {time} on some days; at this rate {most} go in time",
    ),
    "deputy_unused": Label(
        '"{value}" không có trong staff của ca này', '"{value}" is not in the staff of this shift'
    ),
    **OF_LISTS,
    **OF_TEXTS,
}


def did_you_mean(suggestion: str, language: str) -> str:
    """The end of a sentence that offers what was probably meant."""
    return f' — did you mean "{suggestion}"?' if language == "en" else f' — có phải "{suggestion}"?'
