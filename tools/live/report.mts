/** What a check against a real account has shown, as text to read and as a file to attach to an issue. No secret in either. */
import type { Checked, Outcome } from './check.mts';

const answerOf = ({ httpStatus, response, message }: Outcome): string => {
	const body = response === undefined ? 'no body' : JSON.stringify(response);
	return httpStatus === undefined ? (message ?? 'no answer') : `${httpStatus}, ${body}`;
};

/** Whether the vendor answered as the sandbox does: the same verdict and the same status. */
export const agrees = ({ vendor, sandbox }: Checked): boolean =>
	vendor.status === sandbox.status && vendor.httpStatus === sandbox.httpStatus;

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

export function asMarkdown(
	vendor: string,
	checked: readonly Checked[],
	facts: { version: string; date: string; host: string },
	mask: (text: string) => string,
): string {
	const rows = checked.map((one) => {
		const { method, vendor: found, sandbox } = one;
		return `| ${[`${method.operation}, ${method.sendAs}`, found.status, answerOf(found), sandbox.status, answerOf(sandbox), agrees(one) ? 'yes' : '**no**'].map(cell).join(' | ')} |`;
	});
	const requests = checked.map(
		({ method, request }) =>
			`### ${method.operation}, ${method.sendAs}\n\n\`\`\`\n${String(request.method)} ${String(request.url)}\n\n${String(request.body ?? '')}\n\`\`\``,
	);
	return mask(
		[
			`# ${vendor}: one event of each method, sent to a real account`,
			'',
			`${facts.date}, n8n-nodes-server-events ${facts.version}, ${facts.host}. Secrets are masked.`,
			'',
			'| method | status | answer | expected status | expected answer | as expected |',
			'| --- | --- | --- | --- | --- | --- |',
			...rows,
			'',
			'## Requests',
			'',
			...requests,
			'',
		].join('\n'),
	);
}
