/** Values that Postman and Bruno make up, such as `{{$guid}}`. Insomnia calls them otherwise. */

/** The placeholder of a name without its `$`. */
const DYNAMIC: Readonly<Record<string, string>> = {
  guid: '{{$uuid}}',
  randomUUID: '{{$uuid}}',
  timestamp: '{{$timestamp}}',
  isoTimestamp: '{{$isoTimestamp}}',
  randomInt: '{{$randomInt}}',
  randomEmail: '{{$random.email}}',
  randomAlphaNumeric: '{{$random.alphanumeric(1)}}',
  randomHexadecimal: '{{$random.hexadecimal(1)}}',
}

/** The placeholder for a value by its name, without its `$`; undefined if there is none. */
export function dynamicValue(name: string): string | undefined {
  return Object.hasOwn(DYNAMIC, name) ? DYNAMIC[name] : undefined
}
