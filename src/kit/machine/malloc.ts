// How glibc's malloc treats the system's memory, by the environment of a process. Other C libraries ignore these variables.

export type Malloc = Readonly<Record<string, string>>;

/** An arena per thread returns little to the system: with two, a first ingest of 134 MB takes 20 to 40 MB less. */
const usualMalloc: Malloc = { MALLOC_ARENA_MAX: '2' };

/**
 * Large blocks are taken from the system one by one, and returned when they are free: without it, most memory of segments that
 * were replaced stays with a worker, and a first ingest takes 20 to 40 MB more. The threshold is glibc's own; setting it keeps glibc from raising it.
 */
export const returningMalloc: Malloc = { ...usualMalloc, MALLOC_MMAP_THRESHOLD_: '131072' };
