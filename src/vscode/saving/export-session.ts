/** Commands that export the live session or a recording for other programs. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { ExportFormat } from '../../shared/protocol/saving.ts'
import { hasExtension } from '../files/file-names.ts'
import { askAndExport, type SaveOptions, save } from './save-session.ts'

const FILTERS = {
  har: { HAR: ['har' as const] },
  messages: { CSV: ['csv' as const], NDJSON: ['ndjson' as const], Parquet: ['parquet' as const] },
  artillery: { Artillery: ['artillery.yml' as const] },
}

/** `current` returns the session in the active editor, or the live session. */
export function exportCommands(current: () => SaveOptions) {
  const exporter =
    (title: string, filters: (typeof FILTERS)[keyof typeof FILTERS]) => async (uri: unknown) => {
      if (!(uri instanceof vscode.Uri)) return await askAndExport(current(), title, filters)
      const formats: readonly ExportFormat[] = Object.values(filters).flat()
      const as = formats.find((format) => hasExtension(uri, format))
      if (as === undefined)
        throw new Failure(
          'UNKNOWN_FORMAT',
          vscode.l10n.t('The name of the file has to end in {0}.', formats.join(' / ')),
        )
      return await save(current(), uri, { part: null, as, reveal: [], mask: [] })
    }
  return {
    'realtimeInspector.exportHar': exporter(vscode.l10n.t('Export as HAR'), FILTERS.har),
    'realtimeInspector.exportMessages': exporter(vscode.l10n.t('Export Messages'), FILTERS.messages),
    'realtimeInspector.exportArtillery': exporter(
      vscode.l10n.t('Export as Artillery Scenario'),
      FILTERS.artillery,
    ),
  }
}
