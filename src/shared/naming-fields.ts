/** The fields by which a JSON message says what it is, in order of precedence. */
export const NAMING_FIELDS: readonly string[] = ['type', 'event', 'op', 'method', 'action', 'kind', 'channel']
