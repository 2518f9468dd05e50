/** How the requests of a file are told apart: by their names, or by what they connect to. */
import { shortened } from '../../shared/text/shortened.ts'
import type { FileRequest, RequestFile } from './request-file.ts'

/** Longest name of a request that has none of its own, in characters. */
const MAX_NAME = 80

/** The names of the requests, in their order. Each is different: equal ones are numbered. */
export function requestNames(requests: readonly FileRequest[]): readonly string[] {
  const names: string[] = []
  const taken = new Set<string>()
  for (const request of requests) {
    const own = request.name?.text ?? describeLine(request)
    let name = own
    for (let n = 2; taken.has(name); n++) name = `${own} (${n})`
    taken.add(name)
    names.push(name)
  }
  return names
}

/** The position of the request with this name; -1 if there is none. */
export function requestNamed(requests: readonly FileRequest[], name: string): number {
  return requestNames(requests).indexOf(name)
}

/** The request at an offset: the one that begins there or before. */
export function requestAround({ requests }: RequestFile, offset: number): FileRequest | undefined {
  return requests[requestAt(requests, offset)]
}

/** The position of the request at an offset: the one that begins there or before; -1 if there is none. */
export function requestAt(requests: readonly FileRequest[], offset: number): number {
  return requests.findLastIndex(({ start }) => start <= offset)
}

function describeLine({ method, url }: FileRequest): string {
  return shortened(`${method === undefined ? '' : `${method.text} `}${url.text}`, MAX_NAME)
}
