/** Bytes [from, to) of the payload of an event that the hex view marks. */
export interface MarkedBytes {
  readonly index: number
  readonly from: number
  readonly to: number
  /** What they are, for people. */
  readonly name: string
}
