/** Failures that reach a person: a stable code and one sentence saying what failed and what to try. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string
  /** HTTP status, where the failure is one. */
  readonly status: number | undefined

  constructor(code: string, message: string, status?: number) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** What to tell of whatever was thrown: the sentence of a `Failure`, of another error its message. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
