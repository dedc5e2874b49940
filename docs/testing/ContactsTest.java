import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client tested with JUnit 5. */
class ContactsTest {
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static Process server;
    static String url;

    @BeforeAll
    static void start() throws Exception {
        server = new ProcessBuilder("encq", "serve", "--port", "0", "--user", "admin", "--password", "admin")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        url = server.inputReader().readLine().split(" ")[1];
    }

    @AfterAll
    static void stop() throws Exception {
        server.destroy();
        server.waitFor();
    }

    @BeforeEach
    void reset() throws Exception {
        send(request("/__admin/reset").POST(BodyPublishers.noBody()));
    }

    static HttpRequest.Builder request(String path) {
        String pair = Base64.getEncoder().encodeToString("admin:admin".getBytes());
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Basic " + pair);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    static String count(String query) throws Exception {
        HttpResponse<String> answer = send(request("/api/now/contact?sysparm_limit=1&sysparm_query=" + query));
        assertTrue(answer.headers().firstValue("X-Query-Diagnostics").isEmpty());
        return answer.headers().firstValue("X-Total-Count").orElseThrow();
    }

    @Test
    void findsByName() throws Exception {
        assertEquals("1", count("nameLIKEwarren"));
    }

    @Test
    void adds() throws Exception {
        HttpRequest.Builder create = request("/api/now/contact").header("Content-Type", "application/json");
        String body = "{\"name\":\"Ann Warren\",\"city\":\"Oslo\"}";
        assertEquals(201, send(create.POST(BodyPublishers.ofString(body))).statusCode());
        assertEquals("2", count("nameLIKEwarren"));
    }

    @Test
    void seesWhenTheInstanceFails() throws Exception {
        assertEquals(503, send(request("/api/now/contact").header("X-Mock-Fault", "503")).statusCode());
    }
}
