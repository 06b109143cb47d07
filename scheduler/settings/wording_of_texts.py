"""What can be wrong with the texts that are sent, in both languages; see ``wording``."""

from scheduler.timetable.label import Label

OF_TEXTS = {
    "text_too_long": Label(
        "tin {text}{to_vi} dài {characters} ký tự, thành {segments} đoạn (tối đa {most}), "
        "phần dài nhất ở đây; rút ngắn phần này, hoặc xem max_segments và accents",
        "the text {text}{to} is {characters} characters, {segments} segments (at most {most}), "
        "and its longest part is this; shorten it, or see max_segments and accents",
    ),
    "sender_unnamed": Label(
        'tin {text} không nói là của ai; ghi tên gửi: sender = "UBNDQ1"',
        'the text {text} does not say from whom it is; give a sender = "UBNDQ1"',
    ),
    "texts_no_folder": Label(
        'không có thư mục "{value}" cạnh tệp này; tạo thư mục ấy, hoặc bỏ dòng này đi',
        'there is no folder "{value}" beside this file; make it, or take this line away',
    ),
    "text_unknown": Label(
        'không có tin nào tên "{value}"; tệp đặt tên như ask.vi.txt, và các tin là: {names}',
        'no text is called "{value}"; a file is called like ask.vi.txt, and the texts are: {names}',
    ),
    "text_empty": Label(
        "tin này để trống; xóa tệp này đi thì máy dùng lại tin có sẵn",
        "this text is empty; delete the file, and the text that catruc ships is used again",
    ),
    "text_too_big": Label(
        "tệp dài hơn {most} ký tự; mỗi tệp chỉ là một tin nhắn",
        "the file has more than {most} characters; each file is one text",
    ),
    "text_unsigned": Label(
        "tin này thiếu {{{{ sender }}}}: tin nào cũng phải nêu tên người gửi ghi ở [sms], tốt nhất là ở đầu",
        "this text lacks {{{{ sender }}}}: every text names its sender of [sms], best at the beginning",
    ),
    "text_field": Label(
        'tin này không có mục "{value}"; chỉ có: {fields}',
        'this text has no field "{value}"; it may name: {fields}',
    ),
    "not_a_field_name": Label(
        "không hiểu {value}; trong hai cặp ngoặc chỉ có tên một mục, như {{{{ name }}}}",
        "{value} is not understood; in the braces stands the name of one field, like {{{{ name }}}}",
    ),
    "not_a_tag": Label(
        'không hiểu {value}; chỉ có {{% if name %}}, {{% if name != "0" %}}, {{% else %}} và {{% endif %}}',
        '{value} is not understood; there are only {{% if name %}}, {{% if name != "0" %}}, {{% else %}} '
        "and {{% endif %}}",
    ),
    "brace_single": Label(
        "{value} chưa đúng số ngoặc; mục nào cũng có hai ngoặc mỗi bên, như {{{{ name }}}}",
        "{value} has not the right number of braces; a field has two on each side, like {{{{ name }}}}",
    ),
    "brace_unclosed": Label(
        "{value} mở ngoặc mà chưa đóng đủ; viết như {{{{ name }}}} hoặc {{% if name %}}",
        "{value} opens a brace and does not close it; write {{{{ name }}}} or {{% if name %}}",
    ),
    "brace_stray": Label(
        "ngoặc {value} đứng lẻ; trong tin, ngoặc nhọn chỉ dùng như {{{{ name }}}} hay {{% if name %}}",
        "{value} stands alone; in a text, braces are for {{{{ name }}}} and {{% if name %}} only",
    ),
    "if_unended": Label(
        '{{% if %}} về "{value}" chưa có {{% endif %}}', 'the {{% if %}} about "{value}" has no {{% endif %}}'
    ),
    "else_alone": Label(
        "{{% else %}} này không thuộc {{% if %}} nào", "this {{% else %}} belongs to no {{% if %}}"
    ),
    "endif_alone": Label(
        "{{% endif %}} này thừa: không có {{% if %}} nào đang mở",
        "this {{% endif %}} is one too many: no {{% if %}} is open",
    ),
    "too_many_choices": Label("tin này có quá nhiều {{% if %}}", "this text has too many {{% if %}}"),
    "own_text_too_long": Label(
        "tin này lúc dài nhất là {characters} ký tự, thành {segments} đoạn (tối đa {most}), thừa {over}: "
        '"{longest}"; hãy rút ngắn',
        "this text is {characters} characters at its longest, {segments} segments (at most {most}), "
        '{over} too many: "{longest}"; shorten it',
    ),
    "ambiguous_word": Label(
        '"{value}" gửi đi không có dấu, dễ đọc nhầm là {read_as}; nên viết {instead}',
        '"{value}" goes out without accents and may be read as {read_as}; better: {instead}',
    ),
    "own_text_odd_sign": Label(
        'ký hiệu "{value}" làm cả tin phải gửi kiểu đắt gấp đôi: {characters} ký tự thành {segments} đoạn '
        "(tối đa {most}); hãy bỏ ký hiệu ấy",
        'the sign "{value}" makes the whole text cost twice as much: {characters} characters are {segments} '
        "segments (at most {most}); take the sign out",
    ),
}
