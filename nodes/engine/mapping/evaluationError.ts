import { textOf } from '../check/objects';

/** What n8n threw while it evaluated an expression. Any other error of the mapping is a fault of this node. */
export class EvaluationError extends Error {
	constructor(thrown: unknown) {
		const message: unknown = (thrown as { message?: unknown } | undefined)?.message;
		super(typeof message === 'string' ? message : textOf(thrown));
		this.name = 'EvaluationError';
	}
}
