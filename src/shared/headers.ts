/** Header fields by name; a field that came more than once keeps every value, in order. */
export type Headers = Readonly<Record<string, string | readonly string[]>>
