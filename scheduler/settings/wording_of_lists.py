"""What can be wrong with a list of people, and with importing one; part of ``wording``."""

from scheduler.timetable.label import Label

OF_LISTS = {
    # the file
    "list_kind": Label(
        '"{value}" không phải .csv hay .xlsx; trong Excel hãy chọn Save As, Excel Workbook',
        '"{value}" is neither .csv nor .xlsx; in Excel choose Save As, Excel Workbook',
    ),
    "old_excel": Label(
        "tệp theo kiểu Excel cũ hoặc có mật khẩu; trong Excel chọn Save As, Excel Workbook, không mật khẩu",
        "the file is of an old Excel or has a password; in Excel choose Save As, Excel Workbook, without one",
    ),
    "broken_list": Label(
        "không mở được bảng này: {reason}; nếu Excel đang lưu thì máy sẽ tự xem lại",
        "the table cannot be opened: {reason}; if Excel is still saving it, it is read again by itself",
    ),
    "locked_list": Label(
        "tệp đang bị khóa, có lẽ đang mở trong Excel; hãy lưu rồi đóng lại, máy sẽ tự xem lại",
        "the file is locked, perhaps open in Excel; save and close it there, and it is read again by itself",
    ),
    "too_many_rows": Label("bảng dài hơn {most} dòng", "the table has more than {most} rows"),
    "too_wide": Label(
        "bảng quá rộng: có ô ở rất xa bên phải hoặc bên dưới; hãy xóa ô đó",
        "the table is too wide: a cell stands far to the right or far below; delete it",
    ),
    "cell_too_long": Label("có ô dài hơn {most} ký tự", "a cell has more than {most} characters"),
    "encoding_unsure": Label(
        'không chắc bảng mã: theo {name} là "{one}", theo {its} là "{other}"; hãy lưu lại dạng CSV UTF-8',
        'which letters are meant is not certain: by {name} "{one}", by {its} "{other}"; save it as CSV UTF-8',
    ),
    "two_lists": Label(
        'hai trang tính đều là danh sách: "{one}" và "{other}"; hãy tách thành hai tệp hoặc ẩn một trang',
        'two sheets are lists of people: "{one}" and "{other}"; make two files of them, or hide one',
    ),
    "formula": Label(
        '"{value}" là công thức; hãy ghi chính giá trị', '"{value}" is a formula; write the value itself'
    ),
    "two_numbers": Label(
        "ô này có hai số; mỗi người ghi một số di động", "there are two numbers; each person has one"
    ),
    "rounded_number": Label(
        "Excel đã làm tròn số này thành {value}; hãy đổi ô sang kiểu Text rồi gõ lại đủ mười chữ số",
        "Excel has rounded this number to {value}; make the cell a Text and type all ten digits again",
    ),
    "abc_font": Label(
        '"{value}" viết bằng phông ABC (.VnTime); hãy gõ lại bằng phông Unicode',
        '"{value}" is in an ABC font (.VnTime); type it in a Unicode font',
    ),
    "missing_column": Label('thiếu cột "{value}"', 'the column "{value}" is missing'),
    "misspelt_column": Label('không hiểu cột "{value}"', 'the column "{value}" is not known'),
    "unknown_column": Label(
        'không hiểu cột "{value}", nên không đọc', 'the column "{value}" is not known and was not read'
    ),
    "column_twice": Label('có hai cột "{value}"', 'there are two columns "{value}"'),
    "not_day_month_year": Label(
        'không hiểu ngày "{value}"; viết ngày/tháng/năm, như 24/12/2026',
        'not a date: "{value}"; write day/month/year, like 24/12/2026',
    ),
    # keys and types
    # importing one
    "lock_of_excel": Label(
        '"{value}" là tệp khóa mà Excel để lại khi đang mở; hãy ghi "{name}"',
        '"{value}" is what Excel leaves beside a file that is open; name "{name}"',
    ),
    "no_such_list": Label(
        '"{value}" không có trong people của tệp cài đặt; hiện có: {known}',
        '"{value}" is not among the lists of the settings: {known}',
    ),
    "no_list_yet": Label(
        "tệp cài đặt chưa có danh sách nào; bỏ --into đi", "the settings name no list yet; leave --into out"
    ),
    "which_list": Label(
        "tệp cài đặt có nhiều danh sách; thêm --into và một trong: {known}",
        "the settings name several lists; add --into with one of: {known}",
    ),
    "people_in_tables": Label(
        "{value} đang ghi người trực bằng [[people]]; một tệp chỉ dùng một cách. "
        "Hãy lập danh sách (catruc people template), chép những người ấy vào, rồi bỏ các [[people]]",
        "{value} has its people in [[people]], and one file uses one of the two ways. "
        "Make a list (catruc people template), copy those people into it, and take the [[people]] out",
    ),
    "name_taken": Label(
        'cạnh tệp cài đặt đã có một tệp khác tên "{value}"; hãy đổi tên tệp này',
        'another file called "{value}" lies beside the settings; give this one another name',
    ),
    "add_the_line": Label(
        "không tự thêm được vào {value}; hãy thêm dòng này lên đầu tệp: {line}",
        "{value} could not be edited; add this line at its top: {line}",
    ),
    "list_is_open": Label(
        '"{value}" đang mở trong Excel (có tệp {lock}); hãy lưu và đóng lại, rồi làm lại; chưa ghi gì',
        '"{value}" is open in Excel ({lock}); save and close it, then try again; nothing was written',
    ),
    "changed_meanwhile": Label(
        "trong lúc chờ, tệp đã bị sửa; chưa ghi gì, hãy làm lại",
        "meanwhile a file was edited; nothing was written, try again",
    ),
    "not_written": Label('không ghi được "{value}": {reason}', '"{value}" cannot be written: {reason}'),
}
