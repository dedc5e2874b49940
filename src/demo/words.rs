//! The words made-up contacts are made of. Numbers come from ranges kept free for fiction where
//! a country has one.

/// Fields some contacts have wherever they live: how many in a hundred, and what they may hold.
///
/// In every pattern `*` stands for a digit from 1 and `#` for any digit.
pub(super) const CHANCES: [(&str, u8, &str); 12] = [
    ("agent_status", 12, "Off work|On break|On route|On site"),
    ("date_format", 15, "dd/mm/yyyy|dd-mm-yyyy|dd.mm.yyyy"),
    ("edu_status", 45, "faculty|faculty|current|alumni"),
    ("employee_number", 25, "*###|E-*####"),
    ("failed_attempts", 30, "0|0|0|0|1|1|2|3|5"),
    ("introduction", 12, "Mr.|Ms.|Dr.|Prof."),
    ("last_login_device", 40, "192.0.2.*#|203.0.113.1##|tablet"),
    (
        "on_schedule",
        6,
        "Ahead|behind_less30|behind_30to60|on_time",
    ),
    ("roles", 10, "sn_customerservice.customer|snc_external"),
    ("source", 10, "import:crm|import:events|portal"),
    ("time_format", 12, "hh:mm:ss a|HH:mm:ss|HH.mm.ss"),
    ("title", 75, TITLES),
];

const TITLES: &str = "Account Manager|Buyer|Chief Technology Officer|Contractor|Engineer|\
    Field Technician|Head of Purchasing|IT Manager|Manager|Network Administrator|\
    Office Assistant|Operations Lead|Service Desk Agent|Software Developer|Systems Analyst|\
    Vice President, Sales";

/// True-or-false fields that vary, and how many contacts in a hundred have them true.
pub(super) const FLAGS: [(&str, u8); 6] = [
    ("active", 85),
    ("vip", 8),
    ("locked_out", 4),
    ("enable_multifactor_authn", 22),
    ("internal_integration_user", 2),
    ("web_service_access_only", 5),
];

/// Reference fields besides account and company: how many contacts in a hundred have them, and how
/// many records they point to.
pub(super) const REFERENCES: [(&str, u8, u8); 9] = [
    ("building", 10, 6),
    ("cost_center", 14, 5),
    ("default_perspective", 3, 2),
    ("department", 40, 8),
    ("ldap_server", 8, 2),
    ("location", 35, 14),
    ("manager", 20, 10),
    ("schedule", 6, 3),
    ("time_sheet_policy", 4, 2),
];

/// City, state, zip code, latitude, longitude.
pub(super) type Place = (&'static str, &'static str, &'static str, f64, f64);

/// What goes together: the names, numbers and places of one country.
///
/// A name is followed by `=` and its transliteration unless that is the name in lower case.
pub(super) struct Culture {
    pub(super) country: &'static str,
    pub(super) language: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) phone: &'static str,
    pub(super) mobile: &'static str,
    pub(super) street: &'static str,
    pub(super) women: &'static str,
    pub(super) men: &'static str,
    pub(super) last: &'static str,
    pub(super) places: &'static [Place],
}

/// Surnames are such as women and men share.
pub(super) static CULTURES: [Culture; 18] = [
    Culture {
        country: "USA",
        language: "en",
        time_zone: "US/Eastern",
        phone: "+1 212 555 01##",
        mobile: "+1 617 555 01##",
        street: "*## Elm Street",
        women: "Angela Brenda Denise Grace Renée=renee Tanya Willow",
        men: "Eugene George Marcus Roger Tyler Victor Wayne",
        last: "Baker Brooks Carter Foster Hughes Nguyen O'Hara=ohara Price Ramirez",
        places: &[
            ("New York", "NY", "10013", 40.7195, -74.0021),
            ("Boston", "MA", "02110", 42.3571, -71.0533),
            ("Atlanta", "GA", "30303", 33.7529, -84.3925),
        ],
    },
    Culture {
        country: "GBR",
        language: "en",
        time_zone: "Europe/London",
        phone: "+44 20 7946 0###",
        mobile: "+44 7700 900###",
        street: "*# Mill Lane",
        women: "Charlotte Fiona Georgina Harriet Imogen Siân=sian Zoë=zoe",
        men: "Alistair Geoffrey Hamish Nigel Owen Rhys Simon",
        last: "Ashworth Bennett Doyle Fletcher MacLeod Pritchard Sedgewick Whitaker",
        places: &[
            ("London", "", "SE1 7PB", 51.5014, -0.1145),
            ("Leeds", "", "LS1 4DY", 53.7967, -1.5492),
            ("Cardiff", "", "CF10 1EP", 51.4791, -3.1777),
        ],
    },
    Culture {
        country: "DEU",
        language: "de",
        time_zone: "Europe/Berlin",
        phone: "+49 89 99998 ###",
        mobile: "+49 176 040690##",
        street: "Lindenstraße *#",
        women: "Anneliese Gerda Ingeborg Jördis=joerdis Käthe=kaethe Petra Sabine",
        men: "Björn=bjoern Gerhard Günther=guenther Heiko Jürgen=juergen Matthias Uwe",
        last: "Berger Groß=gross Müller=mueller Schäfer=schaefer Straßer=strasser Vogel Weiß=weiss",
        places: &[
            ("München", "Bayern", "80331", 48.1371, 11.5754),
            ("Köln", "Nordrhein-Westfalen", "50667", 50.9384, 6.959),
            ("Gießen", "Hessen", "35390", 50.5841, 8.6784),
        ],
    },
    Culture {
        country: "FRA",
        language: "fr",
        time_zone: "Europe/Paris",
        phone: "+33 1 99 00 *# ##",
        mobile: "+33 6 39 98 *# ##",
        street: "*# rue des Écoles",
        women: "Aurélie=aurelie Chloé=chloe Élodie=elodie Geneviève=genevieve Hélène=helene",
        men: "André=andre Benoît=benoit François=francois Georges Jérôme=jerome Loïc=loic",
        last: "Bourgeois Chevalier Dubois Garçon=garcon Lefèvre=lefevre Perrault",
        places: &[
            ("Paris", "Île-de-France", "75005", 48.8462, 2.3449),
            ("Orléans", "Centre-Val de Loire", "45000", 47.9025, 1.909),
            ("Nîmes", "Occitanie", "30000", 43.8367, 4.3601),
        ],
    },
    Culture {
        country: "ESP",
        language: "es",
        time_zone: "Europe/Madrid",
        phone: "+34 910 555 0##",
        mobile: "+34 600 555 0##",
        street: "Calle Mayor *#",
        women: "Ángela=angela Begoña=begona Inés=ines Lucía=lucia Pilar Rocío=rocio",
        men: "Ángel=angel Gerardo Íñigo=inigo Jesús=jesus Joaquín=joaquin Raúl=raul",
        last: "Álvarez=alvarez García=garcia Ibáñez=ibanez Muñoz=munoz Peña=pena Yagüe=yague",
        places: &[
            ("Madrid", "Madrid", "28013", 40.4169, -3.7035),
            ("A Coruña", "Galicia", "15001", 43.3703, -8.396),
            ("Málaga", "Andalucía", "29015", 36.7213, -4.4214),
        ],
    },
    Culture {
        country: "BRA",
        language: "pt",
        time_zone: "America/Sao_Paulo",
        phone: "+55 11 5550-0###",
        mobile: "+55 11 95550-0###",
        street: "Rua das Flores *##",
        women: "Antônia=antonia Conceição=conceicao Débora=debora Iara Lívia=livia Simone",
        men: "Caetano Fábio=fabio João=joao Otávio=otavio Sérgio=sergio Tomé=tome",
        last: "Araújo=araujo Brandão=brandao Conceição=conceicao Lima Magalhães=magalhaes Souza",
        places: &[
            ("São Paulo", "SP", "01001-000", -23.5503, -46.6339),
            ("Belém", "PA", "66010-000", -1.4523, -48.5037),
            ("Florianópolis", "SC", "88010-000", -27.5973, -48.5496),
        ],
    },
    Culture {
        country: "POL",
        language: "pl",
        time_zone: "Europe/Warsaw",
        phone: "+48 22 555 0# ##",
        mobile: "+48 500 555 0##",
        street: "ul. Krótka *#",
        women: "Agnieszka Bożena=bozena Elżbieta=elzbieta Małgorzata=malgorzata Żaneta=zaneta",
        men: "Grzegorz Łukasz=lukasz Mirosław=miroslaw Paweł=pawel Sławomir=slawomir Wojciech",
        last: "Gołąb=golab Kaźmierczak=kazmierczak Mazur Nowak Woźniak=wozniak Wójcik=wojcik",
        places: &[
            ("Warszawa", "mazowieckie", "00-029", 52.233, 21.019),
            ("Łódź", "łódzkie", "90-406", 51.7706, 19.4557),
            ("Gdańsk", "pomorskie", "80-831", 54.3487, 18.6532),
        ],
    },
    Culture {
        country: "SWE",
        language: "sv",
        time_zone: "Europe/Stockholm",
        phone: "+46 8 465 004 *#",
        mobile: "+46 70 174 06 ##",
        street: "Storgatan *#",
        women: "Åsa=asa Birgitta Ebba Linnéa=linnea Märta=maerta Ulrika",
        men: "Birger Börje=boerje Göran=goeran Håkan=hakan Måns=mans Torgeir",
        last: "Ågren=agren Bergström=bergstroem Ek Hägg=haegg Lindqvist Nyström=nystroem",
        places: &[
            ("Stockholm", "", "111 29", 59.3251, 18.0711),
            ("Malmö", "", "211 22", 55.605, 13.0038),
            ("Växjö", "", "352 30", 56.8777, 14.8091),
        ],
    },
    Culture {
        country: "VNM",
        language: "vi",
        time_zone: "Asia/Ho_Chi_Minh",
        phone: "+84 28 5550 0###",
        mobile: "+84 90 555 0###",
        street: "*# Lê Lợi",
        women: "Hạnh=hanh Hương=huong Mỹ=my Ngọc=ngoc Phượng=phuong Thủy=thuy",
        men: "Bảo=bao Dũng=dung Đức=duc Khải=khai Quốc=quoc Vũ=vu",
        last: "Bùi=bui Đặng=dang Đỗ=do Lê=le Nguyễn=nguyen Phạm=pham Trần=tran",
        places: &[
            ("Hà Nội", "", "100000", 21.0287, 105.8524),
            ("Đà Nẵng", "", "550000", 16.068, 108.212),
            ("Huế", "", "530000", 16.4637, 107.5909),
        ],
    },
    Culture {
        country: "TUR",
        language: "tr",
        time_zone: "Europe/Istanbul",
        phone: "+90 212 555 0# ##",
        mobile: "+90 530 555 0# ##",
        street: "İnönü Caddesi *#",
        women: "Ayşe=ayse Çiğdem=cigdem Gül=gul Işıl=isil İpek=ipek Şeyma=seyma",
        men: "Barış=baris Çağrı=cagri İbrahim=ibrahim Irmak=irmak Oğuz=oguz Ümit=umit",
        last: "Çelik=celik Işık=isik İnan=inan Öztürk=ozturk Şahin=sahin Yıldırım=yildirim",
        places: &[
            ("İstanbul", "", "34110", 41.0153, 28.9623),
            ("Isparta", "", "32100", 37.7648, 30.5566),
            ("Diyarbakır", "", "21100", 37.9144, 40.2306),
        ],
    },
    Culture {
        country: "GRC",
        language: "el",
        time_zone: "Europe/Athens",
        phone: "+30 21 0555 0###",
        mobile: "+30 690 555 0###",
        street: "Οδός Ερμού *#",
        women: "Αγγελική=angeliki Δέσποινα=despina Ελένη=eleni Ζωή=zoi Χριστίνα=christina",
        men: "Γεώργιος=georgios Νίκος=nikos Σταύρος=stavros Φώτης=fotis Ιάσων=iason",
        last: "Αντωνίου=antoniou Γεωργίου=georgiou Οικονόμου=oikonomou Νικολάου=nikolaou",
        places: &[
            ("Αθήνα", "Αττική", "105 63", 37.9757, 23.7339),
            ("Θεσσαλονίκη", "Μακεδονία", "546 24", 40.6325, 22.9407),
            ("Πάτρα", "Αχαΐα", "262 21", 38.2466, 21.7346),
        ],
    },
    Culture {
        country: "UKR",
        language: "uk",
        time_zone: "Europe/Kyiv",
        phone: "+380 44 555 0# ##",
        mobile: "+380 50 555 0# ##",
        street: "вул. Садова, *#",
        women: "Ганна=hanna Євгенія=yevheniia Ірина=iryna Оксана=oksana Юлія=yuliia",
        men: "Андрій=andrii Богдан=bohdan Геннадій=hennadii Юрій=yurii Ярослав=yaroslav",
        last: "Бойко=boiko Гончаренко=honcharenko Коваленко=kovalenko Мельник=melnyk",
        places: &[
            ("Київ", "", "01001", 50.4501, 30.5234),
            ("Львів", "", "79000", 49.8397, 24.0297),
            ("Чернігів", "", "14000", 51.4982, 31.2893),
        ],
    },
    Culture {
        country: "CHN",
        language: "zh",
        time_zone: "Asia/Shanghai",
        phone: "+86 10 5550 0###",
        mobile: "+86 130 5550 0###",
        street: "人民路*#号",
        women: "芳=fang 丽华=lihua 梅=mei 秀英=xiuying 雪=xue",
        men: "国强=guoqiang 建军=jianjun 磊=lei 伟=wei 志明=zhiming",
        last: "陈=chen 李=li 刘=liu 王=wang 杨=yang 张=zhang 赵=zhao",
        places: &[
            ("北京", "", "100006", 39.9087, 116.3975),
            ("上海", "", "200002", 31.2304, 121.4737),
            ("成都", "四川", "610016", 30.6598, 104.0657),
        ],
    },
    Culture {
        country: "JPN",
        language: "ja",
        time_zone: "Asia/Tokyo",
        phone: "+81 3-5550-0###",
        mobile: "+81 90-5550-0###",
        street: "中央*-*-*",
        women: "陽子=yoko さくら=sakura 美咲=misaki 由美=yumi アンナ=anna",
        men: "健一=kenichi 翔太=shota 大輔=daisuke 譲治=joji 隆=takashi",
        last: "伊藤=ito 佐藤=sato 鈴木=suzuki 小林=kobayashi 田中=tanaka 山本=yamamoto 渡辺=watanabe",
        places: &[
            ("東京", "東京都", "104-0061", 35.6717, 139.765),
            ("大阪", "大阪府", "530-0001", 34.7025, 135.4959),
            ("札幌", "北海道", "060-0001", 43.0621, 141.3544),
        ],
    },
    Culture {
        country: "KOR",
        language: "ko",
        time_zone: "Asia/Seoul",
        phone: "+82 2-555-0###",
        mobile: "+82 10-5550-0###",
        street: "세종대로 *##",
        women: "미영=miyoung 서연=seoyeon 수진=sujin 은지=eunji 지혜=jihye",
        men: "동현=donghyun 민수=minsu 성호=seongho 준영=junyoung 현우=hyunwoo",
        last: "강=kang 김=kim 박=park 이=lee 윤=yoon 정=jung 조=cho 최=choi",
        places: &[
            ("서울", "", "04524", 37.5663, 126.9779),
            ("부산", "", "48943", 35.1028, 129.0403),
            ("인천", "", "22382", 37.4563, 126.7052),
        ],
    },
    Culture {
        country: "EGY",
        language: "ar",
        time_zone: "Africa/Cairo",
        phone: "+20 2 5550 0###",
        mobile: "+20 100 555 0###",
        street: "شارع النيل *#",
        women: "أمينة=amina سلمى=salma فاطمة=fatima ليلى=layla هبة=heba",
        men: "أحمد=ahmed خالد=khaled طارق=tarek محمود=mahmoud يوسف=youssef",
        last: "الشريف=elsherif حسن=hassan سليمان=soliman عبدالله=abdallah سالم=salem منصور=mansour",
        places: &[
            ("القاهرة", "", "11511", 30.0444, 31.2357),
            ("الإسكندرية", "", "21500", 31.2001, 29.9187),
            ("الجيزة", "", "12511", 30.0131, 31.2089),
        ],
    },
    Culture {
        country: "ISR",
        language: "he",
        time_zone: "Asia/Jerusalem",
        phone: "+972 3-555-0###",
        mobile: "+972 50-555-0###",
        street: "רחוב הרצל *#",
        women: "גאולה=geula דבורה=dvora יעל=yael נועה=noa שירה=shira",
        men: "אבנר=avner גיל=gil יוסף=yosef עמית=amit רגב=regev",
        last: "בן־דוד=bendavid כהן=cohen לוי=levi מזרחי=mizrahi פרידמן=friedman פרץ=peretz",
        places: &[
            ("תל אביב", "", "6578401", 32.0636, 34.774),
            ("חיפה", "", "3303118", 32.8191, 34.9983),
            ("באר שבע", "", "8410101", 31.243, 34.7932),
        ],
    },
    Culture {
        country: "IND",
        language: "hi",
        time_zone: "Asia/Kolkata",
        phone: "+91 11 5550 0###",
        mobile: "+91 90000 55###",
        street: "गांधी मार्ग *#",
        women: "अनीता=anita कविता=kavita गीता=geeta नेहा=neha पूजा=pooja सुनीता=sunita",
        men: "अमित=amit मनोज=manoj राजेश=rajesh रोहन=rohan विजय=vijay संजय=sanjay",
        last: "कुमार=kumar गुप्ता=gupta पटेल=patel मेहता=mehta शर्मा=sharma सिंह=singh",
        places: &[
            ("नई दिल्ली", "दिल्ली", "110001", 28.6304, 77.2177),
            ("पुणे", "महाराष्ट्र", "411001", 18.5204, 73.8567),
            ("जयपुर", "राजस्थान", "302001", 26.9124, 75.7873),
        ],
    },
];
