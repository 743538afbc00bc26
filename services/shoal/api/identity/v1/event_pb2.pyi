import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EventVerb(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_VERB_UNSPECIFIED: _ClassVar[EventVerb]
    EVENT_VERB_LOGIN: _ClassVar[EventVerb]
    EVENT_VERB_LOGOUT: _ClassVar[EventVerb]
    EVENT_VERB_CREATE: _ClassVar[EventVerb]
    EVENT_VERB_READ: _ClassVar[EventVerb]
    EVENT_VERB_DOWNLOAD: _ClassVar[EventVerb]
    EVENT_VERB_UPDATE: _ClassVar[EventVerb]
    EVENT_VERB_DELETE: _ClassVar[EventVerb]
    EVENT_VERB_CANCEL: _ClassVar[EventVerb]
    EVENT_VERB_STARTUP: _ClassVar[EventVerb]
    EVENT_VERB_TEST: _ClassVar[EventVerb]
EVENT_VERB_UNSPECIFIED: EventVerb
EVENT_VERB_LOGIN: EventVerb
EVENT_VERB_LOGOUT: EventVerb
EVENT_VERB_CREATE: EventVerb
EVENT_VERB_READ: EventVerb
EVENT_VERB_DOWNLOAD: EventVerb
EVENT_VERB_UPDATE: EventVerb
EVENT_VERB_DELETE: EventVerb
EVENT_VERB_CANCEL: EventVerb
EVENT_VERB_STARTUP: EventVerb
EVENT_VERB_TEST: EventVerb

class Event(_message.Message):
    __slots__ = ("name", "verb", "object_collection", "object", "user", "event_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERB_FIELD_NUMBER: _ClassVar[int]
    OBJECT_COLLECTION_FIELD_NUMBER: _ClassVar[int]
    OBJECT_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    verb: EventVerb
    object_collection: str
    object: str
    user: str
    event_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., verb: _Optional[_Union[EventVerb, str]] = ..., object_collection: _Optional[str] = ..., object: _Optional[str] = ..., user: _Optional[str] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
