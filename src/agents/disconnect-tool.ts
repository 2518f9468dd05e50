/** `realtime_disconnect` */
import * as v from 'valibot'
import { CONNECTION, inputOf } from './inputs.ts'
import { describeConnection, requireConnection } from './live-connections.ts'
import { defineTool } from './tool.ts'

export const disconnectTool = defineTool({
  name: 'realtime_disconnect',
  title: 'End a realtime connection',
  description:
    'Ends a connection of the live session cleanly. Its events stay and can still be read. The user is asked first if an agent did not open it.',
  effect: 'ends',
  input: inputOf({ connection: v.pipe(CONNECTION, v.description('Number of the connection.')) }),
  async question({ connection }, host) {
    const { url } = await requireConnection(host.live, connection)
    return host.isAgents(connection) ? undefined : { about: 'disconnect', url, connection }
  },
  async run({ connection }, host) {
    await requireConnection(host.live, connection)
    await host.live.call('disconnect', { id: connection })
    return describeConnection(await requireConnection(host.live, connection), host.isAgents(connection))
  },
})
