/** What the program's exit status tells. */
export const EXIT = {
  done: 0,
  /** Never opened, gave up, could not write. */
  failed: 1,
  usage: 2,
  /** Ended by SIGINT (Ctrl-C) or SIGTERM: 128 and the signal's number, as shells count. */
  interrupted: 130,
  terminated: 143,
} as const
