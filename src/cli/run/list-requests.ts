/** Lists the requests of a file, with what they connect to and where they are. */
import { maskUrl } from '../../shared/secrets.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { printable, width } from '../pretty/terminal-text.ts'
import type { NamedRequest, RequestText } from './request-text.ts'

/** Cells of the longest name that is aligned. */
const WIDEST = 40

/** Prints a line for each request. Resolves with the exit code. */
export async function listRequests(text: RequestText, requests: readonly NamedRequest[]): Promise<number> {
  const names = requests.map(({ name }) => printable(name))
  const column = Math.min(
    names.reduce((widest, name) => Math.max(widest, width(name)), 0),
    WIDEST,
  )
  const lines = requests.map(({ request }, index) => {
    const { method, url } = request
    const what = `${method === undefined ? '' : `${method.text} `}${maskUrl(url.text)}`
    const place = `${text.path}:${text.lineOf(request.line)}`
    const name = names[index] ?? ''
    // A name is never cut, because it is what to type.
    const gap = ' '.repeat(Math.max(column - width(name), 0))
    return `${name}${gap}  ${printable(what)}  ${printable(place)}`
  })
  await printLines(lines)
  return EXIT.done
}
