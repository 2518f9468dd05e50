/** Looks for programs on this machine that can be attached to. Does not import `vscode`. */
import { get } from 'node:http'
import * as v from 'valibot'

/** The ports that Chrome and Edge, and Node.js and Deno, use by default. */
export const USUAL_PORTS = [9222, 9229] as const
/** Milliseconds that a program may take to answer. */
const PATIENCE = 700
/** Longest answer, in bytes. */
const MAX_ANSWER = 65_536

const version = v.looseObject({ Browser: v.pipe(v.string(), v.maxLength(200)) })

export interface FoundProgram {
  readonly endpoint: string
  /** What it says it is, such as `Chrome/141.0` or `node.js/v24.1.0`. */
  readonly name: string
}

/** The programs that listen for debuggers at the given ports of this machine. What does not answer in time is left out. */
export async function findPrograms(ports: readonly number[] = USUAL_PORTS): Promise<readonly FoundProgram[]> {
  const found = await Promise.all(ports.map((port) => programAt(`http://127.0.0.1:${port}`)))
  return found.filter((each) => each !== undefined)
}

async function programAt(endpoint: string): Promise<FoundProgram | undefined> {
  try {
    const parsed = v.safeParse(version, JSON.parse(await read(`${endpoint}/json/version`)))
    return parsed.success ? { endpoint, name: parsed.output.Browser } : undefined
  } catch {
    return undefined
  }
}

function read(url: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE)
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_ANSWER) response.destroy(new Error('The answer is too long.'))
      })
      response.once('end', () => resolve(text))
      response.once('error', reject)
    })
    request.once('error', reject)
  })
}
