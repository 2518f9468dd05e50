/**
 * Imports AsyncAPI documents: each channel of each server that can be connected to. The library of AsyncAPI,
 * `@asyncapi/parser`, also validates documents, and has 2.5 MB when it is bundled.
 */
import { Failure } from '../../../shared/failure.ts'
import { fieldsOf } from '../../../shared/fields.ts'
import { foreignValue, textOf } from '../foreign-values.ts'
import type { ForeignFile, Imported, ImportedRequest, ImportedVariable, Importer } from '../imported.ts'
import { someOf } from '../some-of.ts'
import { type AsyncChannel, channelsOf } from './channels.ts'
import { AsyncDocument } from './document.ts'
import { isConnectable, requestOf } from './requests.ts'
import { type AsyncServer, serversOf } from './servers.ts'

/** At the beginning of a line, or within JSON. */
const DOCUMENT = /(?:^["']?|[{,]\s{0,100}")asyncapi["']?[ \t]{0,100}:[ \t]{0,100}["']?[23]\.\d/m

/** Requests of one document. */
const MAX_REQUESTS = 2000

export const ASYNCAPI: Importer = {
  name: 'asyncapi',
  label: 'AsyncAPI',
  extensions: ['yaml', 'yml', 'json'],
  recognizes: ({ text }) => DOCUMENT.test(text.slice(0, 100_000)),
  read: readAsyncApi,
}

async function readAsyncApi(file: ForeignFile): Promise<Imported> {
  const document = new AsyncDocument(await foreignValue(file))
  const servers = serversOf(document)
  const channels = channelsOf(document)
  if (channels.length === 0)
    throw new Failure('NOTHING_TO_IMPORT', `${file.path ?? 'The text'} describes no channels.`)
  const requests: ImportedRequest[] = []
  const variables: ImportedVariable[] = []
  const notTaken: string[] = servers
    .filter((server) => !isConnectable(server))
    .map(
      ({ name, protocol }) =>
        `The server ${name} was not imported: its protocol is ${protocol || 'not given'}.`,
    )
  for (const [server, channel] of pairsOf(servers, channels)) {
    if (requests.length >= MAX_REQUESTS) {
      notTaken.push(`Only the first ${MAX_REQUESTS} requests were imported.`)
      break
    }
    const result = requestOf(document, server, channel)
    requests.push(result.request)
    for (const variable of result.variables) variables.push(variable)
  }
  const { outside } = document
  return {
    name: textOf(fieldsOf(document.root.info).title),
    requests,
    variables,
    notTaken: [
      ...(servers.length === 0 ? ['It has no servers, so nothing says where to connect.'] : []),
      ...notTaken,
      ...(outside.length > 0 ? [`References to other files were not followed: ${someOf(outside, 3)}`] : []),
    ],
  }
}

function* pairsOf(servers: readonly AsyncServer[], channels: readonly AsyncChannel[]) {
  for (const server of servers.filter(isConnectable))
    for (const channel of channels)
      if (channel.servers.length === 0 || channel.servers.some((each) => server.places.includes(each)))
        yield [server, channel] as const
}
