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

/** How a sentence begins that first says what was tried, before the reason. */
const ATTEMPTED = /^(?:(?:Connecting to|Reading from) \S+ failed: |\S+:\S+ answered (?:with )?)/

/** The sentence of a failure without what was tried, so that it begins with the reason. */
export function reasonFirst(sentence: string): string {
  return sentence.replace(ATTEMPTED, '')
}

/** The reason in the sentence of a failure, without what was tried and what to try: "401 Unauthorized: token_expired". */
export function reasonOf(sentence: string): string {
  const reason = reasonFirst(sentence)
  const [, first = reason] = /^(.*?)(?:; .*|\.)$/s.exec(reason) ?? []
  return first
}

/** Whether a failure's code says that the peer's certificate was rejected. */
export function isCertificateCode(code: string): boolean {
  return /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/.test(code)
}

/** The sentence of the `Failure` that `check` throws; undefined if it throws nothing. */
export function problemOf(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.message
    throw thrown
  }
}
