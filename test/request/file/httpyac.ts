/** Reads a file of requests with httpYac's parser. */
import { io, type ProcessorContext, type Request, store } from 'httpyac'

/** A request as httpYac reads it. */
export interface HttpyacRequest {
  readonly name: string | undefined
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, unknown>>
  /**
   * What it sends, with placeholders as they are written. `WAIT` stands for one that it waits for, and a file for
   * `<PATH>`.
   */
  readonly sent: readonly string[]
}

export const WAIT = Symbol('a message of the server').toString()

const FOLDER = '/'

/** Files are not read: their paths stand for what is in them. */
function withoutFiles(): void {
  io.fileProvider.EOL = '\n'
  io.fileProvider.isAbsolute = async (path) => String(path).startsWith('/')
  io.fileProvider.dirname = () => FOLDER
  io.fileProvider.hasExtension = () => false
  io.fileProvider.joinPath = (_, path) => path
  io.fileProvider.exists = async (path) => !/package\.json|httpyac|\.env/.test(String(path))
  io.fileProvider.readdir = async () => []
  io.fileProvider.readFile = async (path) => `<${path}>`
  io.fileProvider.readBuffer = async (path) => Buffer.from(`<${path}>`)
}

export async function readByHttpyac(text: string): Promise<HttpyacRequest[]> {
  withoutFiles()
  const file = await new store.HttpFileStore().parse('/a.http', text, { workingDir: FOLDER })
  const requests: HttpyacRequest[] = []
  for (const region of file.httpRegions) {
    const { request, metaData, hooks } = region
    if (request === undefined) continue
    const context = {
      httpRegion: region,
      httpFile: {
        ...file,
        fileName: '/a.http',
        hooks: { replaceVariable: { trigger: async (value: unknown) => value } },
      },
      variables: {},
      request,
    } as unknown as ProcessorContext
    const sent = await sentBy(request, context, async (client) => {
      // What is in the file, but not scripts and what keeps the connection open.
      const messages = hooks.onStreaming.items.find(({ id }) => id === 'streaming_body')
      await messages?.action({ ...context, requestClient: client } as ProcessorContext)
    })
    requests.push({
      name: metaData.name === true ? undefined : metaData.name,
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers ?? {},
      sent,
    })
  }
  return requests
}

/** Stands for a connection: notes what is sent, and answers whenever there is something to wait for. */
async function sentBy(
  { body }: Request,
  context: ProcessorContext,
  stream: (client: object) => Promise<void>,
): Promise<string[]> {
  const sent: string[] = []
  const first = await textOf(body ?? '', context)
  if (first !== '') sent.push(first)
  const listeners: (() => Promise<void>)[] = []
  const streaming = stream({
    addEventListener: (_: string, listener: () => Promise<void>) => listeners.push(listener),
    send: async (content: unknown) => sent.push(String(content)),
  })
  let isDone = false
  void streaming.then(() => {
    isDone = true
  })
  await turn()
  for (let answers = 0; !isDone; answers++) {
    if (answers > 100) throw new Error('httpYac still waits after 100 messages of the server.')
    sent.push(WAIT)
    for (const listener of listeners) await listener()
    await turn()
  }
  await streaming
  return sent
}

async function textOf(body: unknown, context: ProcessorContext): Promise<string> {
  if (!Array.isArray(body)) return String(body)
  const parts: string[] = []
  for (const part of body) parts.push(String(typeof part === 'function' ? await part(context) : part))
  return parts.join('')
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
