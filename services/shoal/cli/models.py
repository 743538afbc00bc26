"""Privacy models for people and machines: what one asks for, what it is called, what it measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.message import Message

    from shoal.api.anonymization.v1.policy_pb2 import AnonymizationPolicy, PrivacyModel, QualityMeasure
    from shoal.api.anonymization.v1.solution_pb2 import ModelResult

NAMES = {
    "k_anonymity": "k-anonymity",
    "l_diversity": "l-diversity",
    "t_closeness": "t-closeness",
    "k_map": "k-map",
    "delta_presence": "δ-presence",
    "delta_disclosure": "δ-disclosure",
    "beta_likeness": "β-likeness",
    "risk_limit": "risk limit",
}
_AVERAGED = {"LOSS", "PRECISION", "NON_UNIFORM_ENTROPY"}


def kind_of(model: PrivacyModel) -> str:
    """The model's key in a policy, `k_anonymity`; empty when none is set."""
    return model.WhichOneof("model") or ""


def fields_of(model: PrivacyModel) -> dict[str, Any]:
    """The model's fields as they are set, enum values without their prefix; a number that must be given also when it is 0."""
    kind = kind_of(model)
    if not kind:
        return {}
    message: Message = getattr(model, kind)
    listed = {field.name for field, _ in message.ListFields()}
    numbers = {each for each in parameters_of(model) if not message.DESCRIPTOR.fields_by_name[each].has_presence}
    wanted = [each for each in message.DESCRIPTOR.fields if each.name in listed | numbers]
    return {field.name: _value(field, getattr(message, field.name)) for field in wanted}


def parameters_of(model: PrivacyModel) -> list[str]:
    """The names of the model's numbers, which a frontier can vary."""
    kind = kind_of(model)
    if not kind:
        return []
    message: Message = getattr(model, kind)
    return [field.name for field in message.DESCRIPTOR.fields if _is_number(field)]


def own_value(model: PrivacyModel, parameter: str) -> float | None:
    """The model's own value of a parameter, None where the policy leaves it open."""
    message: Message = getattr(model, kind_of(model))
    if message.DESCRIPTOR.fields_by_name[parameter].has_presence and not message.HasField(parameter):
        return 0.0 if parameter == "min_delta" else None  # absent means 0 there, no bound elsewhere
    return float(getattr(message, parameter))


def own_k(policy: AnonymizationPolicy) -> int | None:
    """The k that all of a policy's k-anonymity models ask for, None when there is no such k."""
    ks = {each.k_anonymity.k for each in policy.privacy_models if kind_of(each) == "k_anonymity"}
    return ks.pop() if len(ks) == 1 else None


def sentence(model: PrivacyModel) -> str:
    """The model in a few words: `l-diversity of diagnosis (entropy), l = 3`."""
    fields = fields_of(model)
    words = NAMES.get(kind_of(model), kind_of(model))
    if "attribute" in fields:
        words += f" of {fields['attribute']}"
    ways = [str(fields[each]).lower() for each in ("kind", "estimator", "distance", "attacker") if each in fields]
    if fields.get("enhanced"):
        ways.append("enhanced")
    if ways:
        words += f" ({', '.join(ways)})"
    numbers = [f"{name} = {fields[name]:g}" for name in parameters_of(model) if name in fields]
    return f"{words}, {', '.join(numbers)}" if numbers else words


def result(measured: ModelResult) -> dict[str, Any]:
    """What a model measures of a release, for `--json`."""
    model = measured.model
    content: dict[str, Any] = {
        "model": kind_of(model),
        **fields_of(model),
        "satisfied": measured.satisfied,
        "measured": finite(measured.measured),
    }
    if measured.HasField("measured_least"):
        content["measured_least"] = finite(measured.measured_least)
    if measured.reference:
        content["reference"] = measured.reference
    return content


def results(measured: Iterable[ModelResult]) -> list[dict[str, Any]]:
    """What several models measure, in their order."""
    return [result(each) for each in measured]


def minimised(quality: QualityMeasure) -> tuple[str, str | None]:
    """The measure that is minimised and its aggregate, None for a measure that has none."""
    from shoal.api.anonymization.v1 import policy_pb2

    measure = policy_pb2.LossMeasure.Name(quality.measure).removeprefix("LOSS_MEASURE_")
    aggregate = policy_pb2.LossAggregate.Name(quality.aggregate).removeprefix("LOSS_AGGREGATE_")
    measure = "LOSS" if measure == "UNSPECIFIED" else measure
    if measure not in _AVERAGED:
        return measure, None
    return measure, "GEOMETRIC_MEAN" if aggregate == "UNSPECIFIED" else aggregate


def measure_name(quality: QualityMeasure) -> str:
    """The measure in words: `loss, geometric mean`."""
    return ", ".join(each.lower().replace("_", " ") for each in minimised(quality) if each is not None)


def finite(number: float) -> float | None:
    """The number, None for an infinity or no number, which JSON does not have."""
    return number if abs(number) < float("inf") else None


def _value(field: Any, value: Any) -> Any:
    if field.enum_type is None:
        return value
    prefix = next(each.name for each in field.enum_type.values if each.number == 0).removesuffix("UNSPECIFIED")
    return field.enum_type.values_by_number[value].name.removeprefix(prefix)


def _is_number(field: Any) -> bool:
    return field.type in {field.TYPE_UINT32, field.TYPE_DOUBLE}
