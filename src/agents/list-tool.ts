/** `realtime_list` */
import { sentenceOf } from '../shared/failure.ts'
import { CURSOR, inputOf, MAX_CHARACTERS, RECORDING } from './inputs.ts'
import { describeConnection } from './live-connections.ts'
import { pageOf } from './pages.ts'
import { type AgentHost, type AgentSession, defineTool } from './tool.ts'

const MAX_CONNECTIONS = 100
const MAX_RECORDINGS = 50

export const listTool = defineTool({
  name: 'realtime_list',
  title: 'List realtime connections and recordings',
  description:
    'Lists the connections of the live session (also those of the user, of a proxy and of a debugged program), or with "recording" those of a recorded session: number, URL, technique, state, counts, errors, and how many findings the rules have. Without "recording", also lists recordings in the workspace. Start here to learn what there is.',
  effect: 'none',
  input: inputOf({
    recording: RECORDING,
    cursor: CURSOR,
    maxCharacters: MAX_CHARACTERS,
  }),
  async run({ recording, cursor, maxCharacters }, host) {
    const list = async (session: AgentSession) => {
      const { connections, events, file } = await session.call('status', null, 0)
      const isLive = recording === undefined
      const described = connections.map((each) => describeConnection(each, isLive && host.isAgents(each.id)))
      const { items, next, total } = pageOf(described, { cursor, max: MAX_CONNECTIONS, maxCharacters })
      const problems = file === undefined ? [] : [...file.problems, ...(file.failure ? [file.failure] : [])]
      return {
        ...{ connections: items, next, total, events },
        ...(problems.length > 0 && { problems: problems.slice(0, 10) }),
      }
    }
    if (recording !== undefined)
      return await host.read(recording, async (session) => {
        await session.findings()
        return await list(session)
      })
    return { ...(await list(host.live)), ...(await listRecordings(host)) }
  },
})

/** Recordings, or why they cannot be listed. */
async function listRecordings(host: AgentHost) {
  try {
    const recordings = (await host.recordings()).slice(0, MAX_RECORDINGS)
    return {
      recordings: recordings.map(({ path, size, modified }) => ({
        ...{ path, bytes: size, modified: new Date(modified).toISOString() },
      })),
    }
  } catch (thrown) {
    return { recordingsError: `The recordings cannot be listed: ${sentenceOf(thrown).slice(0, 300)}` }
  }
}
