package charla;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** El mismo cliente hablando IRC: entra en una sala, dice, y responde solo a los PING. */
public final class ClienteIrc extends Cliente {
    private final String sala;

    public ClienteIrc(String anfitrion, int puerto, String sala) throws IOException {
        super(anfitrion, puerto);
        this.sala = sala;
    }

    @Override
    public String entra(String nombre) throws IOException {
        orden("NICK " + nombre);
        orden("USER " + nombre + " 0 * :" + nombre);
        espera(" 001 ");
        orden("JOIN " + sala);
        return espera(" 366 " + nombre + " ");
    }

    @Override
    public void di(String texto) throws IOException {
        orden("PRIVMSG " + sala + " :" + texto.replace('\r', ' ').replace('\n', ' '));
    }

    @Override
    protected void alLeer(String linea) throws IOException {
        if (linea.startsWith("PING ")) {
            orden("PONG " + linea.substring(5));
        }
    }

    private void orden(String linea) throws IOException {
        escribe((linea + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
