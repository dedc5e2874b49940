//! The documented contact fields as data: one row per element of the Contact API page.

use std::borrow::Cow;

use super::{Choice, Field};
use crate::value::FieldType;

/// What a row says beyond name, label and type. Copied, so that rows can be built in `const`.
#[derive(Clone, Copy)]
struct Facts {
    table: Option<&'static str>,
    max: Option<u32>,
    default: Option<&'static str>,
    choices: &'static [Choice],
    readable: bool,
    creatable: bool,
}

impl Facts {
    const SHARED: Self = Self {
        table: None,
        max: None,
        default: None,
        choices: &[],
        readable: true,
        creatable: true,
    };
    const READ_ONLY: Self = Self { creatable: false, ..Self::SHARED };
    const WRITE_ONLY: Self = Self { readable: false, ..Self::SHARED };

    const fn table(self, table: &'static str) -> Self {
        Self { table: Some(table), ..self }
    }

    const fn max(self, max: u32) -> Self {
        Self { max: Some(max), ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn choices(self, choices: &'static [Choice]) -> Self {
        Self { choices, ..self }
    }

    const fn field(self, name: &'static str, label: &'static str, kind: FieldType) -> Field {
        Field {
            name: Cow::Borrowed(name),
            label: Cow::Borrowed(label),
            kind,
            reference: match self.table {
                Some(table) => Some(Cow::Borrowed(table)),
                None => None,
            },
            max_length: self.max,
            default: match self.default {
                Some(default) => Some(Cow::Borrowed(default)),
                None => None,
            },
            choices: Cow::Borrowed(self.choices),
            readable: self.readable,
            creatable: self.creatable,
            queryable: super::Queryable::Range,
        }
    }
}

const fn choice(value: &'static str, label: &'static str) -> Choice {
    Choice { value: Cow::Borrowed(value), label: Cow::Borrowed(label) }
}

/// Reads rows of `name: type, label, access, fact value, ...;`.
macro_rules! fields {
    ($($name:ident: $kind:ident, $label:literal, $access:ident $(, $fact:ident $value:expr)*;)*) => {
        [$(
            Facts::$access
                $(.$fact($value))*
                .field(stringify!($name), $label, FieldType::$kind)
        ),*]
    };
}

const AGENT_STATUS: &[Choice] = &[
    choice("Off work", "Off work"),
    choice("On break", "On break"),
    choice("On route", "On route"),
    choice("On site", "On site"),
];

const CALENDAR: &[Choice] = &[choice("1", "Outlook")];

const DATE_FORMAT: &[Choice] = &[
    choice("dd/mm/yyyy", "dd/mm/yyyy"),
    choice("dd-mm-yyyy", "dd-mm-yyyy"),
    choice("dd.mm.yyyy", "dd.mm.yyyy"),
    choice("mm-dd-yyyy", "mm-dd-yyyy"),
    choice("yyyy-mm-dd", "yyyy-mm-dd"),
];

const NOTIFICATION: &[Choice] = &[choice("1", "Disabled"), choice("2", "Enabled")];

const ON_SCHEDULE: &[Choice] = &[
    choice("Ahead", "Ahead of schedule"),
    choice("behind_less30", "Behind schedule, but less than 30 minutes"),
    choice("behind_30to60", "Behind schedule between 30 and 60 minutes"),
    choice("behind_more60", "Behind schedule more than 60 minutes"),
    choice("on_time", "On schedule"),
];

const TIME_FORMAT: &[Choice] = &[
    choice("hh.mm.ss a", "hh.mm.ss (12 hour)"),
    choice("hh:mm:ss a", "hh:mm:ss (12 hour)"),
    choice("HH.mm.ss", "hh.mm.ss (24 hour)"),
    choice("HH:mm:ss", "hh:mm:ss (24 hour)"),
];

/// The documented contact fields, in the order of their names.
///
/// A default the page calls blank is no default here. Of the 68 fields 65 are readable and 56
/// creatable; the three `social_` fields are creatable only.
///
/// Source: Contact API page, release Australia.
pub static CONTACT_FIELDS: [Field; 68] = fields! {
    account: Reference, "Account", SHARED, table "customer_account";
    active: Boolean, "Active", SHARED, default "true";
    agent_status: String, "Agent status", SHARED, max 40, choices AGENT_STATUS;
    building: Reference, "Building", SHARED, table "cmn_building";
    calendar_integration: Integer, "Calendar integration", SHARED, default "1", choices CALENDAR;
    city: String, "City", SHARED, max 40;
    company: Reference, "Company", SHARED, table "core_company";
    cost_center: Reference, "Cost center", SHARED, table "cmn_cost_center";
    country: String, "Country code", SHARED, max 3;
    date_format: String, "Date format", SHARED, max 40, choices DATE_FORMAT;
    default_perspective: Reference, "Default perspective", SHARED, table "sys_perspective";
    department: Reference, "Department", SHARED, table "cmn_department";
    edu_status: String, "Education status", SHARED, max 40, default "faculty";
    email: String, "Email", SHARED;
    employee_number: String, "Employee number", SHARED;
    enable_multifactor_authn: Boolean, "Multifactor authorization", SHARED, default "false";
    failed_attempts: Integer, "Failed login attempts", SHARED;
    first_name: String, "First name", SHARED, max 50;
    gender: String, "Gender", SHARED, max 40;
    geolocation_tracked: Boolean, "Geolocation tracked", SHARED, default "false";
    home_phone: String, "Home phone", SHARED, max 40;
    internal_integration_user: Boolean, "Internal integration user", SHARED, default "false";
    introduction: String, "Introduction", SHARED, max 40;
    last_login: Date, "Last login", READ_ONLY;
    last_login_device: String, "Last login device", SHARED, max 40;
    last_login_time: DateTime, "Last login time", SHARED;
    last_name: String, "Last name", SHARED, max 50;
    last_position_update: DateTime, "Last position update", READ_ONLY;
    latitude: Decimal, "Latitude", SHARED, max 40;
    ldap_server: Reference, "LDAP server", SHARED, table "ldap_server_config";
    location: Reference, "Location", SHARED, table "cmn_location";
    locked_out: Boolean, "Locked out", SHARED, default "false";
    longitude: Decimal, "Longitude", SHARED, max 40;
    manager: Reference, "Manager", SHARED, table "sys_user";
    // The page calls it a floating-point number, but its sample is the text "Dell".
    middle_name: String, "Middle name", SHARED, max 50;
    mobile_phone: String, "Mobile phone", SHARED, max 40;
    name: String, "Name", SHARED, max 151;
    notification: Integer, "Notification", SHARED, default "2", choices NOTIFICATION;
    on_schedule: String, "On schedule", SHARED, max 40, choices ON_SCHEDULE;
    phone: String, "Business phone", SHARED, max 40;
    photo: String, "Photo", SHARED;
    preferred_language: String, "Preferred language", SHARED, max 3;
    roles: String, "Roles", SHARED, max 40;
    schedule: Reference, "Schedule", SHARED, table "cmn_schedule";
    social_channel: String, "Social channel", WRITE_ONLY;
    social_handle: String, "Social handle", WRITE_ONLY;
    social_handle_url: String, "Social handle URL", WRITE_ONLY;
    source: String, "Source", SHARED, max 255;
    state: String, "State", SHARED, max 40;
    street: String, "Street", SHARED, max 255;
    sys_class_name: String, "Class", READ_ONLY, max 80;
    sys_created_by: String, "Created by", READ_ONLY, max 40;
    sys_created_on: DateTime, "Created", READ_ONLY;
    sys_domain: String, "Domain", READ_ONLY;
    sys_domain_path: String, "Domain path", READ_ONLY, max 255, default "/";
    sys_id: SysId, "Sys ID", READ_ONLY;
    sys_mod_count: Integer, "Updates", READ_ONLY;
    sys_tags: String, "Tags", READ_ONLY;
    sys_updated_by: String, "Updated by", READ_ONLY, max 40;
    sys_updated_on: DateTime, "Updated", READ_ONLY;
    time_format: String, "Time format", SHARED, max 40, choices TIME_FORMAT;
    time_sheet_policy: Reference, "Time sheet policy", SHARED, table "time_sheet_policy";
    time_zone: String, "Time zone", SHARED, max 40;
    title: String, "Title", SHARED, max 60;
    user_name: String, "User ID", SHARED, max 40;
    vip: Boolean, "VIP", SHARED, default "false";
    web_service_access_only: Boolean, "Web service access only", SHARED, default "false";
    zip: String, "Zip code", SHARED, max 40;
};
