package charla;

/** Alguien envía más de lo permitido sin acabar la línea. */
public final class LineaLarga extends Exception {
    private static final long serialVersionUID = 1L;

    public LineaLarga(int limite) {
        super("una línea de más de " + limite + " bytes");
    }
}
