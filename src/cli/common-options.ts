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

/** How to reach the peer. */
export function networkOptions(): Option[] {
  return [
    requestOption('--insecure', 'accept any certificate of the server that the URL names'),
    requestOption('--ca <FILE>', 'trust these certificates too (PEM); repeatable'),
    requestOption('--cert <FILE>', 'client certificate (PEM) for the server that the URL names, with --key'),
    requestOption('--key <FILE>', 'key of the client certificate (PEM)'),
    requestOption('--plain-redirects', 'follow redirects from https and wss to http and ws'),
    requestOption(
      '--proxy <URL>',
      'go through this proxy (default: HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment)',
    ),
  ]
}

/** Where the session goes. */
export function outputOptions(): Option[] {
  return [
    new Option('--save <FILE>', 'write the session to a file; one that exists is overwritten'),
    new Option(
      '--reveal <NAME>',
      'print and save the secrets of this name (a header, a query parameter) as they are; repeatable',
    ).argParser(repeated(text)),
    maskOption('print and save'),
    new Option(
      '--format <name>',
      'what to print: the session as JSON lines, a line for people, or nothing (default: pretty on a terminal, else jsonl)',
    ).choices(['jsonl', 'pretty', 'none']),
    new Option('--color', 'colour the pretty format even where it goes to no terminal'),
    new Option('--no-color', 'do not colour it (so does the environment variable NO_COLOR)'),
  ]
}

/** What is hidden in payloads; `verbs` is what is done with them. */
export function maskOption(verbs: string): Option {
  return new Option(
    '--mask <NAME|JSONPATH>',
    `${verbs} the fields of this name, or what this path ($.auth.token) leads to, as *** in payloads too; repeatable`,
  ).argParser(repeated(maskable))
}
