/** A failure that users see: a stable code, and one sentence that says what failed and what to try. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string
  /** HTTP status, if that is the failure. */
  readonly status: number | undefined

  constructor(code: string, message: string, status?: number) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** The sentence to show for a thrown value: the message of an error, or the value as text. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
