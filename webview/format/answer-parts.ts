import * as l10n from '@vscode/l10n'
import type { AnswerPartName } from '../../src/shared/model-answer.ts'

export const PART_NAMES: Readonly<Record<AnswerPartName, string>> = {
  reasoning: l10n.t('reasoning'),
  content: l10n.t('text'),
  tool_call: l10n.t('tool call'),
}
