/** What a sub-protocol makes of a payload. */

/** The beginning of a message's payload. */
export interface PayloadStart {
  /** The payload's first characters; undefined where it is not text. */
  readonly text: string | undefined
}

/** One way to read payloads. */
export interface Decoder {
  /** The short word by which the message calls itself, as it stands in the payload; undefined where this decoder sees none. */
  label(payload: PayloadStart): string | undefined
}
