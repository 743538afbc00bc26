import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import any_pb2 as _any_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_STATE_UNSPECIFIED: _ClassVar[JobState]
    JOB_STATE_WAITING: _ClassVar[JobState]
    JOB_STATE_QUEUED: _ClassVar[JobState]
    JOB_STATE_RUNNING: _ClassVar[JobState]
    JOB_STATE_SUCCEEDED: _ClassVar[JobState]
    JOB_STATE_FAILED: _ClassVar[JobState]
    JOB_STATE_CANCELLED: _ClassVar[JobState]
    JOB_STATE_EXPIRED: _ClassVar[JobState]

class JobStateReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_STATE_REASON_UNSPECIFIED: _ClassVar[JobStateReason]
    JOB_STATE_REASON_TASK_FAILED: _ClassVar[JobStateReason]
    JOB_STATE_REASON_WORKER_LOST: _ClassVar[JobStateReason]
    JOB_STATE_REASON_RETRYING: _ClassVar[JobStateReason]
    JOB_STATE_REASON_ATTEMPTS_EXHAUSTED: _ClassVar[JobStateReason]
    JOB_STATE_REASON_RUN_TIMEOUT: _ClassVar[JobStateReason]
    JOB_STATE_REASON_PARENT_FAILED: _ClassVar[JobStateReason]
    JOB_STATE_REASON_PARENT_CANCELLED: _ClassVar[JobStateReason]
    JOB_STATE_REASON_CANCELLED_BY_USER: _ClassVar[JobStateReason]
    JOB_STATE_REASON_CANCEL_REQUESTED: _ClassVar[JobStateReason]
    JOB_STATE_REASON_START_TIMEOUT: _ClassVar[JobStateReason]
    JOB_STATE_REASON_ACCESS_LOST: _ClassVar[JobStateReason]
    JOB_STATE_REASON_INPUT_MISSING: _ClassVar[JobStateReason]
JOB_STATE_UNSPECIFIED: JobState
JOB_STATE_WAITING: JobState
JOB_STATE_QUEUED: JobState
JOB_STATE_RUNNING: JobState
JOB_STATE_SUCCEEDED: JobState
JOB_STATE_FAILED: JobState
JOB_STATE_CANCELLED: JobState
JOB_STATE_EXPIRED: JobState
JOB_STATE_REASON_UNSPECIFIED: JobStateReason
JOB_STATE_REASON_TASK_FAILED: JobStateReason
JOB_STATE_REASON_WORKER_LOST: JobStateReason
JOB_STATE_REASON_RETRYING: JobStateReason
JOB_STATE_REASON_ATTEMPTS_EXHAUSTED: JobStateReason
JOB_STATE_REASON_RUN_TIMEOUT: JobStateReason
JOB_STATE_REASON_PARENT_FAILED: JobStateReason
JOB_STATE_REASON_PARENT_CANCELLED: JobStateReason
JOB_STATE_REASON_CANCELLED_BY_USER: JobStateReason
JOB_STATE_REASON_CANCEL_REQUESTED: JobStateReason
JOB_STATE_REASON_START_TIMEOUT: JobStateReason
JOB_STATE_REASON_ACCESS_LOST: JobStateReason
JOB_STATE_REASON_INPUT_MISSING: JobStateReason

class Job(_message.Message):
    __slots__ = ("name", "display_name", "labels", "task", "method", "depends_on", "inputs", "max_attempts", "start_timeout", "run_timeout", "ttl", "state", "reason", "message", "error", "result", "progress", "attempt_count", "creator", "create_time", "queue_time", "start_time", "next_attempt_time", "end_time", "update_time", "delete_time", "expire_time")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    DEPENDS_ON_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    MAX_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    START_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    RUN_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    TTL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    labels: _containers.ScalarMap[str, str]
    task: _any_pb2.Any
    method: str
    depends_on: _containers.RepeatedScalarFieldContainer[str]
    inputs: _containers.RepeatedCompositeFieldContainer[JobInput]
    max_attempts: int
    start_timeout: _duration_pb2.Duration
    run_timeout: _duration_pb2.Duration
    ttl: _duration_pb2.Duration
    state: JobState
    reason: JobStateReason
    message: str
    error: _status_pb2.Status
    result: _any_pb2.Any
    progress: JobProgress
    attempt_count: int
    creator: str
    create_time: _timestamp_pb2.Timestamp
    queue_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    next_attempt_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., labels: _Optional[_Mapping[str, str]] = ..., task: _Optional[_Union[_any_pb2.Any, _Mapping]] = ..., method: _Optional[str] = ..., depends_on: _Optional[_Iterable[str]] = ..., inputs: _Optional[_Iterable[_Union[JobInput, _Mapping]]] = ..., max_attempts: _Optional[int] = ..., start_timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., run_timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., state: _Optional[_Union[JobState, str]] = ..., reason: _Optional[_Union[JobStateReason, str]] = ..., message: _Optional[str] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., result: _Optional[_Union[_any_pb2.Any, _Mapping]] = ..., progress: _Optional[_Union[JobProgress, _Mapping]] = ..., attempt_count: _Optional[int] = ..., creator: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., queue_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class JobInput(_message.Message):
    __slots__ = ("task_field", "job", "result_field")
    TASK_FIELD_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_FIELD_NUMBER: _ClassVar[int]
    task_field: str
    job: str
    result_field: str
    def __init__(self, task_field: _Optional[str] = ..., job: _Optional[str] = ..., result_field: _Optional[str] = ...) -> None: ...

class JobProgress(_message.Message):
    __slots__ = ("done", "total", "stage")
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    done: int
    total: int
    stage: str
    def __init__(self, done: _Optional[int] = ..., total: _Optional[int] = ..., stage: _Optional[str] = ...) -> None: ...

class JobHistoryEntry(_message.Message):
    __slots__ = ("job", "sequence", "state", "reason", "message", "progress", "attempt", "error", "details", "change_time")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    JOB_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    job: str
    sequence: int
    state: JobState
    reason: JobStateReason
    message: str
    progress: JobProgress
    attempt: int
    error: _status_pb2.Status
    details: _containers.ScalarMap[str, str]
    change_time: _timestamp_pb2.Timestamp
    def __init__(self, job: _Optional[str] = ..., sequence: _Optional[int] = ..., state: _Optional[_Union[JobState, str]] = ..., reason: _Optional[_Union[JobStateReason, str]] = ..., message: _Optional[str] = ..., progress: _Optional[_Union[JobProgress, _Mapping]] = ..., attempt: _Optional[int] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., details: _Optional[_Mapping[str, str]] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
