/** Calls of the pages that hand something over to the user's assistant: a chat of the editor, or else the clipboard. */
export type ExplainMethods = {
  explainEvent: { params: { readonly index: number }; result: null }
  /** The finding of a rule that begins at this time in ms on this connection, null for the whole session. */
  explainFinding: {
    params: { readonly rule: string; readonly connection: number | null; readonly from: number | null }
    result: null
  }
}
