/**
 * Sets the language of numbers, and the translations of the page's texts, which the host puts into attributes of the
 * body. Without them, the texts are English. Import this file before any other: many modules get their texts when they are loaded.
 */
import * as l10n from '@vscode/l10n'
import { setNumberLanguage } from '../src/shared/text/numbers.ts'

const { l10n: contents, language } = document.body.dataset
if (contents !== undefined) l10n.config({ contents })
if (language !== undefined) setNumberLanguage(language)
