// Fetch.java - asks https://HOST:PORT/ as Java does: java Fetch.java HOST PORT.
// The trust store comes by -Djavax.net.ssl.trustStore; the name is resolved to
// loopback by -Djdk.net.hosts.file.
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

public class Fetch {
	public static void main(String[] args) throws Exception {
		URL url = new URL("https://" + args[0] + ":" + args[1] + "/");
		HttpsURLConnection to = (HttpsURLConnection) url.openConnection();
		to.setConnectTimeout(5000);
		to.setReadTimeout(5000);
		System.out.println("status " + to.getResponseCode());
	}
}
