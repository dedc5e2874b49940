import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The Contact API and the Table API as java.net.http and Java's reader of XML see them. `run` starts the server. */
final class JavaClient {
    static final String URL = System.getenv("ENCQ_URL");
    static final String CONTACTS = URL + "/api/now/contact";
    static final String RECORDS = URL + "/api/now/table/customer_contact";
    static final String GEORGE = "ddce70866f9331003b3c498f5d3ee417";
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    static HttpRequest.Builder request(String url) {
        String pair = Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Basic " + pair);
    }

    static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    static HttpResponse<byte[]> xml(String url) throws Exception {
        return send(request(url).header("Accept", "application/xml"));
    }

    static HttpResponse<byte[]> json(String method, String url, String body) throws Exception {
        HttpRequest.Builder request = request(url).header("Content-Type", "application/json");
        return send(request.method(method, BodyPublishers.ofString(body)));
    }

    static Document read(HttpResponse<byte[]> answer) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer.body()));
    }

    /** The texts of a field in all results, or of another element. */
    static List<String> texts(Document document, String name) {
        List<String> texts = new ArrayList<>();
        NodeList found = document.getElementsByTagName(name);
        for (int at = 0; at < found.getLength(); at++) {
            texts.add(((Element) found.item(at)).getTextContent());
        }
        return texts;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static void same(Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new AssertionError("found " + found + ", expected " + expected);
        }
    }

    static void lists() throws Exception {
        HttpResponse<byte[]> answer = xml(CONTACTS + "?sysparm_query=" + encoded("nameLIKEwarren^active=true"));
        same(answer.statusCode(), 200);
        same(answer.headers().firstValue("X-Total-Count").orElse(""), "1");
        Document document = read(answer);
        same(texts(document, "sys_id"), List.of(GEORGE));
        same(texts(document, "name"), List.of("George Warren"));
        same(texts(document, "hasMore"), List.of("false"));
    }

    static void pages() throws Exception {
        Pattern link = Pattern.compile("<([^>]*)>;rel=\"next\"");
        List<String> ids = new ArrayList<>();
        String next = CONTACTS + "?sysparm_limit=60&sysparm_query=ORDERBYsys_id";
        while (next != null) {
            HttpResponse<byte[]> answer = xml(next);
            Document document = read(answer);
            ids.addAll(texts(document, "sys_id"));
            Matcher matcher = link.matcher(answer.headers().firstValue("Link").orElse(""));
            next = matcher.find() ? matcher.group(1) : null;
            same(texts(document, "hasMore"), List.of(String.valueOf(next != null)));
        }
        same(ids.size(), 200);
        same(ids, List.copyOf(new TreeSet<>(ids)));
    }

    static void one() throws Exception {
        Document document = read(xml(CONTACTS + "/" + GEORGE));
        same(texts(document, "email"), List.of("geo.warren@mailinator.com"));
        HttpResponse<byte[]> missing = xml(CONTACTS + "/" + "0".repeat(32));
        same(missing.statusCode(), 404);
        same(texts(read(missing), "message"), List.of("No Record found"));
        HttpRequest.Builder stranger = HttpRequest.newBuilder(URI.create(CONTACTS));
        same(send(stranger).statusCode(), 401);
    }

    static void createsUpdatesDeletes() throws Exception {
        String name = "Žofie & Sons + 100% \uD83C\uDF88 <'>";
        HttpResponse<byte[]> created = json("POST", CONTACTS, "{\"name\":\"" + name + "\",\"city\":\"Oslo\"}");
        same(created.statusCode(), 201);
        String location = created.headers().firstValue("Location").orElseThrow();
        String id = location.substring(location.lastIndexOf('/') + 1);
        same(new String(created.body(), StandardCharsets.UTF_8), "{\"result\":\"" + id + "\"}");
        same(texts(read(xml(CONTACTS + "?sysparm_query=" + encoded("name=" + name))), "sys_id"), List.of(id));
        for (String[] change : new String[][] {{"PATCH", "Bergen"}, {"PUT", "Tromsø"}}) {
            same(json(change[0], RECORDS + "/" + id, "{\"city\":\"" + change[1] + "\"}").statusCode(), 200);
            Document document = read(xml(location));
            same(texts(document, "city"), List.of(change[1]));
            same(texts(document, "name"), List.of(name));
        }
        HttpResponse<byte[]> gone = send(request(RECORDS + "/" + id).DELETE());
        same(gone.statusCode(), 204);
        same(gone.body().length, 0);
        same(xml(location).statusCode(), 404);
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println("java.net.http of Java " + System.getProperty("java.version"));
        lists();
        pages();
        one();
        createsUpdatesDeletes();
    }
}
