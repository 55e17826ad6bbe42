using Spectre.Console;

namespace LbRunbook.Cli.Output;

/// <summary>The one look of our tables: heads in capitals, no frame, nothing that a pipe or a ticket mangles.</summary>
internal static class Tables
{
    /// <param name="heads">A leading <c>&gt;</c> aligns the column to the right, a leading <c>~</c> lets it wrap; all others stay on one
    /// line.</param>
    public static Table Create(params IReadOnlyList<string> heads)
    {
        var table = new Table { Border = TableBorder.None };
        AddColumns(table, heads);
        return table;
    }

    public static void AddColumns(Table table, IReadOnlyList<string> heads)
    {
        foreach (var head in heads)
        {
            var column = new TableColumn(new Markup($"[bold]{PlainText.Markup(head.TrimStart('>', '~'))}[/]"))
            {
                NoWrap = !head.StartsWith('~'),
                Padding = new Padding(0, 0, 2, 0),
            };
            table.AddColumn(head.StartsWith('>') ? column.RightAligned() : column);
        }
    }

    /// <summary>After the last column: without it every line ends in blanks.</summary>
    public static Table Finish(Table table)
    {
        table.Columns[^1].Padding = new Padding(0);
        return table;
    }

    /// <summary>Trouble in a cell: the words say it, the colour only helps to find it.</summary>
    public static string Bad(string text) => $"[bold maroon]{PlainText.Markup(text)}[/]";
}
