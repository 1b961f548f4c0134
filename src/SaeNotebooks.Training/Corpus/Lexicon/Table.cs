namespace SaeNotebooks.Training.Corpus;

/// <summary>A tab-separated table: the first line names the columns, lines that start with <c>#</c> are comments.</summary>
internal static class Table
{
    /// <summary>The rows of a file, each checked to have exactly the given columns.</summary>
    public static IReadOnlyList<Row> Read(string folder, string file, params string[] columns)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
            throw new LexiconException($"{path}: no such file; a lexicon folder holds nouns.tsv, verbs.tsv, adjectives.tsv, closed.tsv and stories.tsv.");
        var lines = File.ReadAllLines(path);
        var header = lines.Length > 0 ? lines[0].Split('\t') : [];
        if (!header.SequenceEqual(columns))
            throw new LexiconException($"{path}, line 1: expected the columns {string.Join(' ', columns)}, found {string.Join(' ', header)}.");
        return Rows(path, lines, columns);
    }

    private static List<Row> Rows(string path, string[] lines, string[] columns)
    {
        var rows = new List<Row>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]) || lines[i][0] == '#')
                continue;
            var cells = lines[i].Split('\t');
            if (cells.Length != columns.Length)
                throw new LexiconException($"{path}, line {i + 1}: expected {columns.Length} cells, found {cells.Length}.");
            rows.Add(new Row(path, i + 1, columns, cells));
        }
        return rows;
    }
}

/// <summary>One line of a table, with cells by column name.</summary>
internal sealed record Row(string Path, int Line, string[] Columns, string[] Cells)
{
    public string this[string column] => Cells[Array.IndexOf(Columns, column)].Trim();

    /// <summary>The <c>;</c>-separated parts of a cell, of which there must be between <paramref name="least"/> and <paramref name="most"/>.</summary>
    public string[] Parts(string column, int least, int most) => Split(column, this[column], least, most);

    /// <summary>The parts of each <c>|</c>-separated group of a cell.</summary>
    public string[][] Groups(string column, int least, int most) =>
        [.. this[column].Split('|').Select(group => Split(column, group, least, most))];

    public int Frequency()
    {
        if (!int.TryParse(this["freq"], out var freq) || freq is < 1 or > 5)
            throw Bad("freq", "a number from 1 to 5");
        return freq;
    }

    public LexiconException Bad(string column, string expected) =>
        new($"{Path}, line {Line}, column {column}: expected {expected}, found '{this[column]}'.");

    private string[] Split(string column, string cell, int least, int most)
    {
        string[] parts = [.. cell.Split(';').Select(part => part.Trim().Normalize())];
        if (parts.Length < least || parts.Length > most)
            throw Bad(column, least == most ? $"{least} parts" : $"{least} to {most} parts");
        return parts;
    }
}
