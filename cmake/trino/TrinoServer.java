import com.google.inject.Key;
import io.trino.grammar.sql.SqlKeywords;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.server.security.PasswordAuthenticatorManager;
import io.trino.server.testing.TestingTrinoServer;
import io.trino.spi.security.AccessDeniedException;
import io.trino.spi.security.BasicPrincipal;
import io.trino.testing.TestingAccessControlManager;
import io.trino.testing.TestingAccessControlManager.TestingPrivilegeType;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Trino with the catalog `memory`. Its arguments are the server's properties, TLS among them. It prints one line when
 * it is there: its port, the one with TLS, and its keywords. It ends with its standard input.
 *
 * A password is right if it is that of the environment's TRINO_PASSWORD. Nobody may read a table that is called `secret`.
 */
public class TrinoServer {
    public static void main(String[] arguments) throws Exception {
        // Standard output is taken for logs when the server starts.
        var output = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        var properties = new TreeMap<String, String>();
        for (String argument : arguments) {
            int sign = argument.indexOf('=');
            properties.put(argument.substring(0, sign), argument.substring(sign + 1));
        }
        try (var server = TestingTrinoServer.builder().setProperties(properties).build()) {
            server.installPlugin(new MemoryPlugin());
            server.createCatalog("memory", "memory", Map.of());
            server.getAccessControl().deny(TestingAccessControlManager.privilege("secret", TestingPrivilegeType.SELECT_COLUMN));
            server.getInstance(Key.get(PasswordAuthenticatorManager.class)).setAuthenticators((user, password) -> {
                if (!password.equals(System.getenv("TRINO_PASSWORD"))) {
                    throw new AccessDeniedException("Invalid credentials");
                }
                return new BasicPrincipal(user);
            });
            String ports = server.getAddress().getPort() + " " + server.getHttpsAddress().getPort();
            output.println(ports + " " + String.join(" ", SqlKeywords.sqlKeywords()));
            System.in.read();
        }
    }
}
