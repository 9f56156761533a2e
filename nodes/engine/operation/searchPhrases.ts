/**
 * Each thing in each pattern's place of `%`. n8n's editor finds a search whose letters stand in this order in one phrase, so
 * `send % to Some Vendor` with `purchases` is found by `send purchase`, `purchases to Some` and `purchase somevendor`.
 */
export const searchPhrases = (patterns: readonly string[], things: readonly string[]): readonly string[] =>
	things.flatMap((thing) => patterns.map((pattern) => pattern.replace('%', thing)));
