// Whether a process runs, for files that are named after the process that writes them: those of others that were killed
// are removed.

/** Also true for processes of other users. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
