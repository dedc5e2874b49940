//! The words of the made-up contacts.

pub(crate) const FIRST_NAMES: &str = "Aaron Abigail Adam Adrian Agnes Ahmed Aisha Alan Albert Alejandro Alice \
    Alison Amanda Amélie Amir Amy Andrea Andrew Angela Anna Anthony Antonio Arjun Arthur Astrid Audrey Aurora \
    Barbara Beatrice Benjamin Bernard Beth Björn Bo Brandon Brenda Brian Bruno Carla Carlos Carmen Caroline \
    Catherine Cecilia Chantal Charles Charlotte Chen Chiara Chloé Chris Christina Claire Clara Clemens Connor \
    Craig Cynthia Dagmar Daniel Daniela David Deborah Denise Dennis Diana Diego Dolores Dominic Donald Dorothy \
    Douglas Edith Eduardo Edward Elena Eleanor Elizabeth Ellen Emil Emily Emma Enrique Eric Erika Ernest Esther \
    Ethan Eva Evelyn Fatima Felix Fernando Fiona Florence Frances Francisco Frank Frederik Gabriel Gareth George \
    Gerald Giulia Gloria Grace Graham Greta Gustav Hannah Harold Harriet Hassan Heather Helen Henrik Henry Hugo \
    Ian Ibrahim Ida Ines Ingrid Irene Isaac Isabel Ivan Jack Jacob Jacqueline James Jana Jane Jasmine Javier \
    Jean Jennifer Jeremy Jessica Jin Joan Johanna John Jonas José Joseph Judith Julia Julian Kamal Karen Karl \
    Katarzyna Kenneth Kevin Kim Klaus Lars Laura Lea Leonard Lin Linda Lisa Louis Lucas Lucía Magnus Malik \
    Manuel Marcus Margaret Maria Marie Mark Martha Martin Mary Matthew Max Megan Michael Miguel Mohamed Monika \
    Nadia Natalie Nathan Nicole Nina Noah Olga Oliver Oscar Pamela Patrick Paul Peter Philip Priya Rachel Rafael \
    Raj Rebecca Renée Richard Robert Rosa Ruth Samuel Sandra Sara Scott Sofia Søren Stefan Susan Sven Tanja \
    Teresa Thomas Timothy Ursula Valentina Vera Victor Walter Wei William Yuki Yusuf Zoë";

/// The beginnings and ends of last names.
pub(crate) const LAST_NAMES: (&str, &str) = (
    "Ash Black Brad Brook Clay Crom Elling Fair Grün Hal Hart Hol Lang Mar Nor Pem Rad Stan Thorn War",
    "ton ford well worth field man ley berg son mere wood ren by ham stone",
);

/// The beginnings and ends of city names.
pub(crate) const CITIES: (&str, &str) = (
    "New Old Spring Oak Maple River Lake Port Fort Mill Clear Fair Green High West East North South King Queen",
    "burg ville town haven port dale mouth bridge gate hurst chester field ford wick stadt",
);

/// Country, state, language, time zone, calling code: the first ones have most cities.
pub(crate) const COUNTRIES: [[&str; 5]; 20] = [
    ["USA", "California", "en", "US/Pacific", "1"],
    ["USA", "New York", "en", "US/Eastern", "1"],
    ["USA", "Texas", "en", "US/Central", "1"],
    ["GBR", "England", "en", "Europe/London", "44"],
    ["DEU", "Bayern", "de", "Europe/Berlin", "49"],
    ["FRA", "Île-de-France", "fr", "Europe/Paris", "33"],
    ["IND", "Karnataka", "en", "Asia/Kolkata", "91"],
    ["CAN", "Ontario", "en", "Canada/Eastern", "1"],
    ["AUS", "Victoria", "en", "Australia/Melbourne", "61"],
    ["JPN", "Tokyo", "ja", "Asia/Tokyo", "81"],
    ["BRA", "São Paulo", "pt", "America/Sao_Paulo", "55"],
    ["ESP", "Madrid", "es", "Europe/Madrid", "34"],
    ["ITA", "Lombardia", "it", "Europe/Rome", "39"],
    ["NLD", "Utrecht", "nl", "Europe/Amsterdam", "31"],
    ["SWE", "Skåne", "sv", "Europe/Stockholm", "46"],
    ["CHE", "Zürich", "de", "Europe/Zurich", "41"],
    ["POL", "Mazowieckie", "pl", "Europe/Warsaw", "48"],
    ["MEX", "Jalisco", "es", "America/Mexico_City", "52"],
    ["SGP", "Singapore", "en", "Asia/Singapore", "65"],
    ["NZL", "Otago", "en", "Pacific/Auckland", "64"],
];

pub(crate) const TITLES: [&str; 24] = [
    "Engineer",
    "IT Manager",
    "Systems Analyst",
    "Buyer",
    "Account Manager",
    "Service Desk Agent",
    "Office Assistant",
    "Software Developer",
    "Network Administrator",
    "Operations Lead",
    "Field Technician",
    "Head of Purchasing",
    "Database Administrator",
    "Project Manager",
    "Support Specialist",
    "Accountant",
    "Vice President, Sales",
    "Security Officer",
    "Product Owner",
    "Contractor",
    "Chief Technology Officer",
    "Legal Counsel",
    "Facility Manager",
    "Trainer",
];

pub(crate) const STREETS: [&str; 12] = [
    "Main Street",
    "Station Road",
    "Church Lane",
    "Park Avenue",
    "Bahnhofstraße",
    "Rue de la Gare",
    "Mill Road",
    "High Street",
    "Market Square",
    "Harbour View",
    "Queensway",
    "Second Avenue",
];

pub(crate) const COMPANIES: [&str; 16] = [
    "acme",
    "boxeo",
    "cirrus",
    "delta",
    "everlight",
    "fjord",
    "globex",
    "harbor",
    "initech",
    "juniper",
    "kestrel",
    "lumen",
    "meridian",
    "northwind",
    "orchard",
    "pinnacle",
];

pub(crate) const AUTHORS: [&str; 8] = [
    "admin",
    "system",
    "guest",
    "carl.customer",
    "import.job",
    "portal",
    "beth.anglin",
    "integration.user",
];

pub(crate) const ROLES: [&str; 4] = [
    "sn_customerservice.customer",
    "snc_external",
    "sn_customerservice.customer_admin",
    "sn_customerservice.partner",
];
