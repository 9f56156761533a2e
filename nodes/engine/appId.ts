import { isAccountError, type Account, type AccountError } from './account';
import { bindingOf, type UnprovenRules } from './check/evidence';
import { isAbsent, textOf } from './check/objects';
import type { AppBinding, Issue, Json, Operation } from './operation/operation';

interface Judgement {
	issues: readonly Issue[];
	warnings: readonly Issue[];
}

const NOTHING: Judgement = { issues: [], warnings: [] };

/** What is wrong with the app, section or account to which an event would go, and with the one that its item names. */
export function judgeApp(
	operation: Pick<Operation, 'credential' | 'clientStandsIn'>,
	unprovenRules: UnprovenRules,
	event: Json,
	option: string | undefined,
	account: Account | AccountError,
): Judgement {
	const { app: binding } = operation.credential;
	if (!binding || isAccountError(account)) return NOTHING;
	const app = option ?? account.fields[binding.field] ?? '';
	const issue = formIssue(binding, app) ?? otherApp(binding, event, app);
	const doubt = lengthIssue(binding, app, option === undefined);
	if (!doubt) return issue ? { issues: [issue], warnings: [] } : NOTHING;
	const refuses = bindingOf(operation, unprovenRules)(binding.length?.evidence ?? 'inferred');
	if (issue || refuses) return { issues: [issue ?? doubt], warnings: [] };
	return unprovenRules === 'ignore' ? NOTHING : { issues: [], warnings: [doubt] };
}

function formIssue({ is, field, label, option }: AppBinding, app: string): Issue | undefined {
	const pattern = is === 'number' ? /^\d+$/ : /^[\x21-\x7e]+$/;
	if (pattern.test(app)) return undefined;
	const rule = is === 'number' ? 'a whole number' : 'a text without blanks, in ASCII characters';
	return { field: option ?? field, message: `'${label}' must be ${rule}` };
}

/** An app is no parameter of the event, but an item may name it: then it must be the one to which the event goes. */
function otherApp({ wire, noun, label, option }: AppBinding, event: Json, app: string): Issue | undefined {
	if (isAbsent(event[wire]) || textOf(event[wire]).trim() === app) return undefined;
	const fix = option ? `set the option '${label}'` : 'choose the credential of that account';
	const message = `'${wire}' names another ${noun} than the one the event would go to; ${fix}`;
	return { field: wire, message };
}

function lengthIssue(
	{ field, label, option, length }: AppBinding,
	app: string,
	isOfCredential: boolean,
): Issue | undefined {
	if (length === undefined || app.length === length.usual) return undefined;
	const where = isOfCredential ? 'the credential' : `the option '${label}'`;
	const message = `'${label}' has ${app.length} characters and usually has ${length.usual}; check it in ${where}`;
	return { field: option ?? field, message };
}
