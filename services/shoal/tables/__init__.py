"""Tables: how rows are read, judged, kept, coded into integers and written.

    formats      the door: inspect, read_table, write_table, UploadMeter, find_format, find_separator
    limits       how large a table may be
    facts        what is known of a table without its cells
    separators   which character separates the cells of a CSV file
    csv_shape    the grammar and shape of a CSV file, in one pass over its bytes
    json_lines   the shape of JSON lines
    parquet_size, arrow_size   how large a file is once unpacked, before it is unpacked
    meter        holds an upload to its limits while it streams
    inspection   judges a finished file
    decoding     reads every value of one once
    trial        decodes an untrusted Parquet file in a process that may die of it
    scanning, reading, writing
    storage      objects in a local folder
    uris         which files an import may name
    coding       columns and integer codes
    text         a typed column as text

This package gives no access to the network and knows no wire format but those of tables.
"""
