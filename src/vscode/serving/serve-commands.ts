/**
 * Commands that serve a session: the given file, or the one in the active editor, or the live session, or a file that
 * the user picks.
 */

import * as v from 'valibot'
import { l10n } from 'vscode'
import { MATCHES } from '../../shared/protocol/served.ts'
import { askFile } from '../session/choose-recording.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { asUri, readOptions, SPEED } from '../ui/command-arguments.ts'
import type { ServeOptions } from './server.ts'
import type { Servers } from './servers.ts'

export interface ServeCommandOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
  readonly servers: Servers
}

const DIALOG = { title: l10n.t('Serve Session'), openLabel: l10n.t('Serve') }

const how = v.partial(
  v.strictObject({
    port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)),
    speed: SPEED,
    loop: v.boolean(),
    outages: v.boolean(),
    match: v.picklist(MATCHES),
    allowOrigins: v.array(v.string()),
  }),
)

function asHow(argument: unknown): Partial<ServeOptions> {
  const wrong = l10n.t(
    'The options of serveSession are {port?, speed?, loop?, outages?, match?, allowOrigins?}; see its documentation.',
  )
  return readOptions(argument, how, wrong) ?? {}
}

export function serveCommands({ session, recordings, servers }: ServeCommandOptions) {
  return {
    'realtimeInspector.serveSession': async (file: unknown, given: unknown) => {
      const uri = asUri(file)
      const options = asHow(given)
      if (uri !== undefined) return await servers.serveFile(uri, options)
      const { active } = recordings
      if (active !== undefined) return await servers.serve(active.name, active, options)
      if ((session.status?.events ?? 0) > 0)
        return await servers.serve(l10n.t('the live session'), session, options)
      return await servers.serveFile(await askFile(DIALOG), options)
    },
  }
}
