/** The part of AppMetrica's Management API that an export needs: the applications, and whether the Logs API is up. */
import { oauthFault } from './appmetrica-exports.mts';
import type { Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, JSON_TYPE } from './wire.mts';

const MOSCOW = 10_800;

export function handleManagement(request: VendorRequest, state: VendorState): VendorAnswer {
	const operation = request.path.slice('/'.length);
	const refuse = (code: number, type: string, message: string, refusal: Refusal) =>
		answer(
			code,
			JSON_TYPE,
			JSON.stringify({ errors: [{ error_type: type, message, location: request.path }], code, message }),
			{ operation, refusals: [refusal] },
		);
	if (request.method !== 'GET')
		return refuse(405, 'invalid_parameter', 'Method not allowed.', { reason: 'read with GET' });
	const reason = oauthFault(request, state);
	if (reason) return refuse(401, 'unauthorized', 'Unauthorized user.', { reason });

	const applications = state.apps.appMetrica.map((id, index) => application(Number(id), index, state));
	if (request.path === '/management/v1/applications')
		return answer(200, JSON_TYPE, JSON.stringify({ applications }), { operation });
	if (request.path === '/management/v1/logsapi/status')
		return answer(200, JSON_TYPE, '{"logs_api_availability_status":"enabled"}', { operation });
	const one = /^\/management\/v1\/application\/(\d+)$/.exec(request.path);
	const found = one && applications.find(({ id }) => String(id) === one[1]);
	if (found) return answer(200, JSON_TYPE, JSON.stringify({ application: found }), { operation });
	return refuse(404, 'not_found', 'The specified object was not found.', {
		reason: 'no such path or application in the sandbox',
	});
}

/** The page's members; `import_token` is the Post API key, which is why such an answer belongs in no log. */
function application(id: number, index: number, state: VendorState) {
	return {
		name: index === 0 ? 'Sandbox shop' : `Sandbox app ${index + 1}`,
		time_zone_name: 'Europe/Moscow',
		hide_address: true,
		gdpr_agreement_accepted: true,
		category: 16,
		bundle_id: '',
		team_id: '',
		use_universal_links: false,
		universal_link: '',
		id,
		uid: 1,
		owner_login: 'sandbox',
		api_key128: '00000000-0000-0000-0000-000000000000',
		import_token: state.credentials.appMetricaApi.postApiKey,
		permission: 'own',
		time_zone_offset: state.appMetrica.timeZoneOffset ?? MOSCOW,
		permission_date: '2026-01-01T00:00:00+03:00',
		create_date: '2026-01-01',
	};
}
