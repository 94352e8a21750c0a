// How glibc's malloc treats the system's memory in the child processes. Other C libraries ignore these variables.

export const mallocEnvironment = {
  // An arena per thread returns little to the system: with two, a first ingest of 134 MB takes 20 to 40 MB less.
  MALLOC_ARENA_MAX: '2',
  // The threshold is glibc's own; setting it keeps glibc from raising it. Large blocks are then returned when they are free. Without
  // it, most memory of replaced segments stays with a worker, and a first ingest takes 20 to 40 MB more.
  MALLOC_MMAP_THRESHOLD_: '131072',
};
