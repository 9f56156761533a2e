/** The resources of AppMetrica's Logs API and the fields each has, by the page "Available endpoints": its lists, and what only its tables name. */
export const RESOURCES: Readonly<Record<string, ReadonlySet<string>>> = {
	clicks: fields(
		'application_id click_datetime click_id click_ipv6 click_timestamp click_url_parameters click_user_agent publisher_id',
		'publisher_name tracker_name tracking_id touch_type is_bot city country_iso_code device_manufacturer device_model device_type',
		'google_aid oaid ios_ifa ios_ifv os_name os_version windows_aid',
	),
	installations: fields(
		'application_id installation_id attributed_touch_type click_datetime click_id click_ipv6 click_timestamp click_url_parameters',
		'click_user_agent profile_id publisher_id publisher_name tracker_name tracking_id install_datetime install_ipv6',
		'install_receive_datetime install_receive_timestamp install_timestamp is_reattribution is_reinstallation match_type',
		'appmetrica_device_id city connection_type country_iso_code device_locale device_manufacturer device_model device_type google_aid',
		'oaid ios_ifa ios_ifv mcc mnc operator_name os_name os_version windows_aid app_package_name app_version_name',
	),
	postbacks: fields(
		'application_id attributed_touch_type click_datetime click_id click_ipv6 click_timestamp click_url_parameters click_user_agent',
		'profile_id publisher_id publisher_name tracker_name tracking_id install_datetime install_ipv6 install_timestamp match_type',
		'identifier appmetrica_device_id city country_iso_code device_locale device_manufacturer device_model device_type google_aid oaid',
		'ios_ifa os_name os_version windows_aid app_package_name app_version_name conversion_datetime conversion_timestamp event_name',
		'attempt_datetime attempt_timestamp cost_model notifying_status postback_url postback_url_parameters response_body response_code',
		'ios_ifv',
	),
	events: fields(
		'event_datetime event_json event_name event_receive_datetime event_receive_timestamp event_timestamp session_id installation_id',
		'appmetrica_device_id city connection_type country_iso_code device_ipv6 device_locale device_manufacturer device_model device_type',
		'google_aid ios_ifa ios_ifv mcc mnc operator_name original_device_model os_name os_version profile_id windows_aid app_build_number',
		'app_package_name app_version_name application_id',
	),
	ecommerce_events: fields(
		'ecom_type ecom_screen_name ecom_screen_search_query ecom_screen_payload ecom_screen_category_path_1 ecom_screen_category_path_2',
		'ecom_screen_category_path_3 ecom_screen_category_path_4 ecom_screen_category_path_5 ecom_screen_category_path_6',
		'ecom_screen_category_path_7 ecom_screen_category_path_8 ecom_screen_category_path_9 ecom_screen_category_path_10 ecom_product_name',
		'ecom_product_sku ecom_product_promocodes ecom_product_payload ecom_product_category_path_1 ecom_product_category_path_2',
		'ecom_product_category_path_3 ecom_product_category_path_4 ecom_product_category_path_5 ecom_product_category_path_6',
		'ecom_product_category_path_7 ecom_product_category_path_8 ecom_product_category_path_9 ecom_product_category_path_10',
		'ecom_product_actual_price_fiat_unit_type ecom_product_actual_price_fiat_value ecom_product_actual_price_internal_components',
		'ecom_product_original_price_fiat_unit_type ecom_product_original_price_fiat_value ecom_product_original_price_internal_components',
		'ecom_cart_item_price_fiat_unit_type ecom_cart_item_price_fiat_value ecom_cart_item_quantity ecom_cart_item_internal_components',
		'ecom_referrer_type ecom_referrer_id ecom_order_id ecom_order_payload event_datetime event_json event_name event_receive_datetime',
		'event_receive_timestamp event_timestamp session_id installation_id appmetrica_device_id city connection_type country_iso_code',
		'device_ipv6 device_locale device_manufacturer device_model device_type google_aid ios_ifa ios_ifv mcc mnc operator_name',
		'original_device_model os_name os_version profile_id windows_aid app_build_number app_package_name app_version_name application_id',
		'certificate_verification_status android_id appmetrica_sdk_version country district area event_source',
	),
	profiles_v2: fields(
		'profile_id appmetrica_gender appmetrica_birth_date appmetrica_notifications_enabled appmetrica_name appmetrica_crashes',
		'appmetrica_errors appmetrica_first_session_date appmetrica_last_start_date appmetrica_push_opens appmetrica_push_send_count',
		'appmetrica_sdk_version appmetrica_sessions android_id appmetrica_device_id city connection_type country_iso_code',
		'device_manufacturer device_model device_type google_aid ios_ifa ios_ifv mcc mnc operator_name os_name os_version windows_aid',
		'app_build_number app_framework app_package_name app_version_name',
	),
	revenue_events: fields(
		'revenue_quantity revenue_price revenue_currency revenue_product_id revenue_order_id revenue_order_id_source is_revenue_verified',
		'is_revenue_autocollected revenue_inapp_type revenue_event_type event_datetime event_name event_receive_datetime',
		'event_receive_timestamp event_timestamp session_id installation_id android_id appmetrica_device_id appmetrica_sdk_version city',
		'connection_type country_iso_code device_ipv6 device_locale device_manufacturer device_model google_aid ios_ifa ios_ifv mcc mnc',
		'operator_name original_device_model os_version profile_id windows_aid app_build_number app_package_name app_version_name',
	),
	deeplinks: fields(
		'deeplink_url_host deeplink_url_parameters deeplink_url_path deeplink_url_scheme event_datetime event_receive_datetime',
		'event_receive_timestamp event_timestamp is_reengagement profile_id publisher_id publisher_name session_id tracker_name tracking_id',
		'android_id appmetrica_device_id appmetrica_sdk_version city connection_type country_iso_code device_ipv6 device_locale',
		'device_manufacturer device_model google_aid ios_ifa ios_ifv mcc mnc original_device_model os_version windows_aid app_build_number',
		'app_package_name app_version_name device_type',
	),
	push_tokens: fields(
		'token token_datetime token_receive_datetime token_receive_timestamp token_timestamp appmetrica_device_id city connection_type',
		'country_iso_code device_ipv6 device_locale device_manufacturer device_model device_type google_aid ios_ifa ios_ifv mcc mnc',
		'operator_name os_name os_version profile_id windows_aid app_package_name app_version_name application_id',
	),
	crashes: fields(
		'crash crash_datetime crash_group_id crash_id crash_name crash_receive_datetime crash_receive_timestamp crash_timestamp',
		'appmetrica_device_id city connection_type country_iso_code device_ipv6 device_locale device_manufacturer device_model device_type',
		'google_aid ios_ifa ios_ifv mcc mnc operator_name os_name os_version profile_id windows_aid app_package_name app_version_name',
		'application_id',
	),
	errors: fields(
		'error error_datetime error_id error_name error_receive_datetime error_receive_timestamp error_timestamp appmetrica_device_id city',
		'connection_type country_iso_code device_ipv6 device_locale device_manufacturer device_model device_type google_aid ios_ifa ios_ifv',
		'mcc mnc operator_name os_name os_version profile_id windows_aid app_package_name app_version_name application_id',
	),
	sessions_starts: fields(
		'session_id session_start_datetime session_start_receive_datetime session_start_receive_timestamp session_start_timestamp',
		'appmetrica_device_id city connection_type country_iso_code device_ipv6 device_locale device_manufacturer device_model device_type',
		'google_aid ios_ifa ios_ifv mcc mnc operator_name os_name os_version profile_id windows_aid app_build_number app_package_name',
		'app_version_name application_id original_device_model',
	),
	ad_revenue_events: fields(
		'ad_revenue_datetime ad_revenue_timestamp ad_revenue_receive_datetime ad_revenue_receive_timestamp ad_revenue ad_revenue_currency',
		'ad_revenue_type ad_revenue_data_source ad_revenue_network ad_revenue_placement_id ad_revenue_placement_name ad_revenue_unit_id',
		'ad_revenue_unit_name ad_revenue_precision ad_revenue_payload session_id installation_id android_id appmetrica_device_id',
		'appmetrica_sdk_version city connection_type country_iso_code device_ipv6 device_locale device_manufacturer device_model',
		'device_type google_aid ios_ifa ios_ifv mcc mnc operator_name original_device_model os_version profile_id windows_aid',
		'app_build_number app_package_name app_version_name',
	),
};

function fields(...lines: string[]): Set<string> {
	return new Set(lines.flatMap((line) => line.split(' ')));
}
