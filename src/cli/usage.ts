/** Wrong usage that shows only after the command line was parsed: a file that cannot be read, options at odds. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
