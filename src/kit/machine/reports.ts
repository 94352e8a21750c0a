// Flags for node, of a process and of each of its threads.

/** A diagnostic report has a section for the process and one for each thread, and none may contain the environment. */
export const reportFlags: readonly string[] = ['--report-exclude-env'];
