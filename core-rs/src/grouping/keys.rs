//! Memory for the packed keys of all rows.

use super::dealing::chunk_rows;

/// Bytes of keys that are allocated and given back together; few beside the rows that need several of them.
const REGION_BYTES: usize = 64 << 20;

/// From so many bytes on glibc gives an allocation a mapping of its own, whatever was freed before. Advice about smaller
/// ones could outlive them, in the heap.
#[cfg(target_os = "linux")]
const MAPPED_BYTES: usize = 32 << 20;

/// Bytes of a huge page.
#[cfg(target_os = "linux")]
const PAGE_BYTES: usize = 2 << 20;

/// Chunks of a region.
pub(super) const REGION_CHUNKS: usize = REGION_BYTES / (chunk_rows(1) * size_of::<u64>());

/// Keys of rows, by regions of as many chunks.
pub(super) struct Keys<const W: usize>(Vec<Vec<[u64; W]>>);

impl<const W: usize> Keys<W> {
    pub(super) fn new(rows: usize) -> Self {
        let most = REGION_CHUNKS * chunk_rows(W);
        Self((0..rows).step_by(most).map(|start| region(most.min(rows - start))).collect())
    }

    /// The keys of every chunk.
    pub(super) fn chunks_mut(&mut self) -> Vec<&mut [[u64; W]]> {
        self.0.iter_mut().flat_map(|region| region.chunks_mut(chunk_rows(W))).collect()
    }

    /// The keys of a chunk whose region has not been taken.
    pub(super) fn chunk(&self, number: usize) -> &[[u64; W]] {
        let start = number % REGION_CHUNKS * chunk_rows(W);
        let region = &self.0[number / REGION_CHUNKS];
        &region[start..region.len().min(start + chunk_rows(W))]
    }

    /// Gives back the keys of the region that begins with a chunk.
    pub(super) fn free(&mut self, chunk: usize) {
        self.0[chunk / REGION_CHUNKS] = Vec::new();
    }
}

/// Zeros, in huge pages where there are many and the system has them: a table of 100 M rows takes 200,000 page faults
/// otherwise, a fifth of its grouping, and as many entries of the address cache.
fn region<const W: usize>(rows: usize) -> Vec<[u64; W]> {
    // Zeroed by the operating system, so no page has been touched before the advice is given.
    let region = vec![[0; W]; rows];
    #[cfg(target_os = "linux")]
    if size_of_val(&region[..]) >= MAPPED_BYTES {
        let start = region.as_ptr().cast::<u8>();
        let skipped = start.addr().next_multiple_of(PAGE_BYTES) - start.addr();
        let length = (size_of_val(&region[..]) - skipped) / PAGE_BYTES * PAGE_BYTES;
        // SAFETY: these pages lie wholly within memory that `region` owns, and the advice changes no content. Where it is
        // not taken the pages are small, so the answer does not matter.
        unsafe {
            libc::madvise(start.wrapping_add(skipped).cast_mut().cast(), length, libc::MADV_HUGEPAGE);
        }
    }
    region
}
