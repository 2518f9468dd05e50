/** Options that several commands have, and those of a request. */
import { Option } from 'commander'
import { OPTION_NAMES, REQUEST_OPTIONS, readOption } from '../request/options.ts'
import { headerOrFile, maskable, repeated, text } from './option-values.ts'

/** Makes the command-line option for the option of a request that has its long flag's name. */
export function requestOption(flags: string, description: string): Option {
  const option = new Option(flags, description)
  const name = OPTION_NAMES.find((each) => each === option.attributeName())
  if (name === undefined) throw new RangeError(`A request has no option ${flags}.`)
  const { choices, isList, value } = REQUEST_OPTIONS[name]
  if (choices !== undefined) return option.choices(choices)
  if (value === undefined) return option
  const read = (typed: string) => readOption(name, typed)
  return isList ? option.argParser(repeated(read)) : option.argParser<unknown>(read)
}

/** `-H`, which also takes a file. */
export function headerOption(description: string): Option {
  return requestOption('-H, --header <LINE|@FILE>', description).argParser(repeated(headerOrFile))
}

/** Options for TLS and the proxy. */
export function networkOptions(): Option[] {
  return [
    requestOption('--insecure', 'accept any certificate from the host in the URL'),
    requestOption('--ca <FILE>', 'also trust the certificates in this file (PEM); repeatable'),
    requestOption('--cert <FILE>', 'client certificate (PEM) for the host in the URL; needs --key'),
    requestOption('--key <FILE>', 'private key of the client certificate (PEM)'),
    requestOption('--plain-redirects', 'follow redirects from https: and wss: to http: and ws:'),
    requestOption(
      '--proxy <URL>',
      'connect through this proxy (default: the environment variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY)',
    ),
  ]
}

/** Options for where the session is written, and how. */
export function outputOptions(): Option[] {
  return [
    new Option('--save <FILE>', 'write the session to this file; an existing file is overwritten'),
    ...maskingOptions('print and save'),
    new Option(
      '--format <name>',
      'what to print: the session as JSON lines, one readable line for each event, or nothing (default: pretty on a terminal, else jsonl)',
    ).choices(['jsonl', 'pretty', 'none']),
    ...colorOptions('pretty format'),
  ]
}

/** Options for what is masked; `verbs` says what the command does with the session. */
export function maskingOptions(verbs: string): Option[] {
  return [
    new Option(
      '--reveal <NAME>',
      `${verbs} the header or query parameter with this name as it is, even if it is a secret; repeatable`,
    ).argParser(repeated(text)),
    new Option(
      '--mask <NAME|JSONPATH>',
      `${verbs} *** in place of the payload fields with this name or at this path ($.auth.token); repeatable`,
    ).argParser(repeated(maskable)),
  ]
}

/** Options for colors; `what` names the output that has them. */
export function colorOptions(what: string): Option[] {
  return [
    new Option('--color', `color the ${what} even if standard output is not a terminal`),
    new Option('--no-color', `do not color the ${what} (as does the environment variable NO_COLOR)`),
  ]
}
