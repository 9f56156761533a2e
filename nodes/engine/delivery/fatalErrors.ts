import type { Account, Destination } from '../account';
import type { FatalScope } from '../operation/operation';

/** Why something cannot be sent at all, in words for the user. */
export interface FatalError {
	reason: string;
	httpStatus?: number;
}

/** What a batch has in common that a fatal error may speak of. */
export interface Scope {
	target: Destination;
	method: string;
}

/** The fatal errors of a run, each with what it applies to. The first one of a scope stays. */
export class FatalErrors {
	/** The error that ended the run. */
	ofRun: FatalError | undefined;
	private readonly byAccount = new Map<Account, FatalError>();
	private readonly byTarget = new Map<Destination, FatalError>();
	private readonly byMethod = new Map<string, FatalError>();
	/** The scopes that are the same for all of the run, so that a fatal error of one of them ends it. */
	private readonly wholeRun: ReadonlySet<FatalScope>;
	private readonly ending = new AbortController();

	/** `scopes`: of all batches of the run. */
	constructor(scopes: readonly Scope[]) {
		this.wholeRun = scopesOfWholeRun(scopes);
	}

	/** Aborted when the run has ended, so that no wait outlives it. */
	get over(): AbortSignal {
		return this.ending.signal;
	}

	endRun(error: FatalError): void {
		this.ofRun ??= error;
		this.ending.abort();
	}

	/** The user cancelled the run, which is no error. */
	cancel(): void {
		this.ending.abort();
	}

	add(kind: FatalScope, { target, method }: Scope, error: FatalError): void {
		if (kind === 'account') addFirst(this.byAccount, target.credential, error);
		else if (kind === 'app') addFirst(this.byTarget, target, error);
		else addFirst(this.byMethod, keyOf(target, method), error);
		if (this.wholeRun.has(kind)) this.endRun(error);
	}

	/** What keeps the events of this scope from being sent. */
	of({ target, method }: Scope): FatalError | undefined {
		return (
			this.byTarget.get(target) ??
			this.byMethod.get(keyOf(target, method)) ??
			this.byAccount.get(target.credential) ??
			this.ofRun
		);
	}
}

function scopesOfWholeRun(scopes: readonly Scope[]): ReadonlySet<FatalScope> {
	const isOne = (keys: unknown[]) => new Set(keys).size <= 1;
	const whole = new Set<FatalScope>();
	if (isOne(scopes.map(({ target }) => target.credential))) whole.add('account');
	if (isOne(scopes.map(({ target }) => target))) whole.add('app');
	if (isOne(scopes.map(({ target, method }) => keyOf(target, method)))) whole.add('method');
	return whole;
}

/** A method is one of a destination: another account may have another address. */
const keyOf = (target: Destination, method: string): string => `${target.id}\n${method}`;

function addFirst<K>(errors: Map<K, FatalError>, key: K, error: FatalError): void {
	if (!errors.has(key)) errors.set(key, error);
}
