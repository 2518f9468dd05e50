/** What the pages do with the requests of files: run, save, edit, and send their messages. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { SavedRequestMethods } from '../../shared/protocol/saved-requests.ts'
import type { ConnectionForm } from '../connect/form.ts'
import type { CommandId } from '../contributions.ts'
import type { RequestIndex } from '../requests/request-index.ts'
import type { RequestRuns } from '../requests/request-runs.ts'
import type { RequestSaver } from '../requests/saving/request-saver.ts'
import type { LiveSession } from '../session/live-session.ts'
import { unlessCancelled } from '../ui/notifier.ts'
import { isNamed } from './requests-channel.ts'
import { forwarded } from './session-calls.ts'

export interface RequestCallOptions {
  readonly session: LiveSession
  readonly index: RequestIndex
  readonly runs: RequestRuns
  readonly saver: () => Promise<RequestSaver>
  readonly form: ConnectionForm
}

const RUN: CommandId = 'realtimeInspector.runRequest'
const EDIT: CommandId = 'realtimeInspector.editRequest'

export function requestCalls({
  session,
  index,
  runs,
  saver,
  form,
}: RequestCallOptions): Handlers<SavedRequestMethods> {
  return {
    ...forwarded(session, ['stopScript']),
    runRequest: async ({ file, name }) => {
      const found = (await index.files()).find(({ path }) => path === file)
      const named = found?.names.find((each) => isNamed(name, each))
      if (found === undefined || named === undefined)
        throw new Failure('NO_REQUEST', vscode.l10n.t('{0} no longer has a request “{1}”.', file, name))
      const id = await vscode.commands.executeCommand<number | undefined>(RUN, found.uri, named)
      return id === undefined ? null : { id }
    },
    saveRequest: async ({ source }) => {
      const given = 'form' in source ? { spec: await form.entered(source.form, source.spec) } : source
      await unlessCancelled((await saver()).save(given), undefined)
    },
    updateRequest: async ({ form: id, connection, spec }) => ({
      updated: await unlessCancelled((await saver()).update(connection, await form.entered(id, spec)), false),
    }),
    keepMessage: async ({ connection, message, name }) => ({
      kept: await unlessCancelled((await saver()).keepMessage(connection, message, name), false),
    }),
    sendStep: ({ id, step }) => runs.sendStepOf(id, step),
    sendScript: ({ id }) => runs.sendAllOf(id),
    editRequest: async ({ connection }) => {
      await vscode.commands.executeCommand(EDIT, connection)
    },
  }
}
