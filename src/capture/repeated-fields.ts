/** Parses the fields of stored events. Many repeat those before them: the requests of a poll, and the heads of its responses. */

type Fields = Readonly<Record<string, unknown>>

/** What follows the header fields of a response, as the encoder writes it. In a JSON string, its quotes would be escaped. */
const AFTER_HEADERS = '},"held":'
const NO_FIELDS: Fields = {}

export class RepeatedFields {
  #json = '{}'
  #fields = NO_FIELDS
  /** Of the latest response: the fields before `held`. */
  #headJson = '{}'
  #head = NO_FIELDS

  /** As `JSON.parse`, for an object. Results share what is equal in them, so they must not be changed. */
  parse(json: string): Fields {
    if (json === this.#json) return this.#fields
    const end = json.startsWith('{"status":') ? json.indexOf(AFTER_HEADERS) + 1 : 0
    const fields = end === 0 ? undefined : this.#parseResponse(json.slice(0, end), json.slice(end + 1))
    if (fields !== undefined) return fields
    this.#fields = JSON.parse(json)
    this.#json = json
    return this.#fields
  }

  /** Undefined if one of the parts is not JSON, because the fields are others than the encoder writes for a poll. */
  #parseResponse(head: string, rest: string): Fields | undefined {
    try {
      if (head !== this.#headJson) {
        this.#head = JSON.parse(`${head}}`)
        this.#headJson = head
      }
      return { ...this.#head, ...JSON.parse(`{${rest}`) }
    } catch {
      // The whole may still be JSON.
      return undefined
    }
  }
}
