# For services/shoal/_core.pyi; add the names to __all__: "Partition", "mdav", "mondrian".

@final
class Partition:
    """Classes of records, each with a box around its values. Arrays are bytes of native numbers."""

    @property
    def classes(self) -> int:
        """The number of classes."""

    @property
    def class_of_record(self) -> bytes:
        """The class of every record, as u32."""

    @property
    def lows(self) -> bytes:
        """The smallest code of every class in every attribute, class after class, as u32."""

    @property
    def highs(self) -> bytes:
        """The largest code, likewise."""

    @property
    def levels(self) -> bytes:
        """The lowest level at which all codes of the class have one value, likewise, as u16."""

def mondrian(
    attributes: Sequence[tuple[NDArray[np.uint32], Sequence[NDArray[np.uint32]], int, bool, float]],
    sensitive: Sequence[
        tuple[
            NDArray[np.uint32],
            int,
            NDArray[np.uint64] | None,
            NDArray[np.uint64] | None,
            Sequence[NDArray[np.uint32]],
        ]
    ],
    models: Sequence[tuple[str, Sequence[int], Sequence[float]]],
    *,
    strict: bool,
    monitor: Monitor | None = None,
) -> Partition:
    """Partitions the records into classes that satisfy the models.

    An attribute is its codes, one map value -> code for every level from 1 on, its number of values, whether the codes
    are an order to cut along, and its weight. A sensitive column is its codes, its number of values, rows per value of
    the reference, positions, and maps.
    """

def mdav(columns: Sequence[NDArray[np.float64]], *, k: int, monitor: Monitor | None = None) -> bytes:
    """Clusters the records by the distances of their numbers; the class of every record, as u32."""
